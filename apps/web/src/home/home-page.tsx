import { PageFrame } from '../shell/page-frame.js';
import { NewChat } from '../chat/new-chat.js';
import { ProjectShelf } from './project-shelf.js';

/** What there is, and a new chat. */
export function HomePage() {
  return (
    <PageFrame>
      <NewChat projectId={undefined} />
      <ProjectShelf />
    </PageFrame>
  );
}
