import { AnswerOnce, StreamGate, type CommandContext, type Principal } from '#commands';
import { BlobStore, type EventLog } from '#event-log';
import { decideProject, type ProjectCommand } from '#model';
import { ProjectCommands, ProjectFiles, ProjectForks, projectPart, ProjectRepository } from '#projects';
import { ProjectExecutor } from '../../libs/projects/src/project-executor.js';
import { contextOf } from './service-process.js';
import { openProjections, READER, type ProjectionFixture, type ProjectionProcess } from './projections.js';

export const owner: Principal = { ...READER, scopes: ['*'] };
/** Of the owner, with a key where it is to be given again. */
export const asOwner = (key?: string, body?: string): CommandContext => contextOf(owner, key, body);

/** The write side of projects of one process, and its read side. */
export type ProjectProcess = Omit<ProjectionProcess, 'close'> & {
  commands: ProjectCommands;
  repository: ProjectRepository;
  forks: ProjectForks;
  files: ProjectFiles;
};

export function projectProcess(process: ProjectionProcess): ProjectProcess {
  const { log, database } = process;
  const repository = new ProjectRepository(log);
  const executor = new ProjectExecutor(log, new AnswerOnce(log), repository, new StreamGate());
  const files = new ProjectFiles(new BlobStore(database));
  const forks = new ProjectForks(repository);
  const commands = new ProjectCommands(executor, repository, files, forks);
  return { ...process, commands, repository, forks, files };
}

export type ProjectFixture = ProjectProcess & {
  url: string;
  another(): Promise<ProjectProcess>;
  close: ProjectionFixture['close'];
};

/** A fresh database, and the projects of one process on it; `another` is another process's. */
export async function openProjects(): Promise<ProjectFixture> {
  const open = await openProjections();
  const another = async () => projectProcess(await open.another());
  return { ...projectProcess(open), url: open.url, close: () => open.close(), another };
}

/** Appends what a command means, as a turn does: beside no key, and without a version of its own. */
export async function appendCommand(
  { log, repository }: { log: EventLog; repository: ProjectRepository },
  projectId: string,
  command: ProjectCommand,
): Promise<number> {
  const { info, state } = (await repository.load(projectId))!;
  const part = projectPart({ tenantId: info.tenantId, state }, decideProject(state, command), {});
  if (!part) return state.seq;
  await log.append({ appends: [part.append], entities: part.entities });
  return part.seqTo;
}

/** Files as a client sends them. */
export function contents(files: Record<string, string>): Record<string, { content: string }> {
  return Object.fromEntries(Object.entries(files).map(([path, content]) => [path, { content }]));
}
