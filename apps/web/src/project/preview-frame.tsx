import { words } from '../words/words.js';
import type { ShownProject } from './shown-project.js';

/** The project's page as it runs: an origin of its own, which can reach neither this page nor its server. */
export function PreviewFrame({ project }: { project: ShownProject }) {
  if (!project.hasPage)
    return <p className="grid h-full place-content-center p-8 text-sm text-faint">{words.project.noPage}</p>;
  return (
    <iframe
      title={words.project.frameTitle(project.title)}
      src={project.previewUrl}
      sandbox="allow-scripts"
      referrerPolicy="no-referrer"
      loading="lazy"
      className="h-full w-full bg-white"
    />
  );
}
