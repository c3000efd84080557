export type { ProjectAnswer } from './project-answer.js';
export { ProjectCommands } from './project-commands.js';
export { ProjectFiles, type FileContents } from './project-files.js';
export { ProjectForks, type ForkPoint } from './project-forks.js';
export { projectPart, type ProjectAt, type ProjectPart } from './project-unit.js';
export { ProjectRepository, type LoadedProject } from './project.repository.js';
export { ProjectsModule } from './projects.module.js';
