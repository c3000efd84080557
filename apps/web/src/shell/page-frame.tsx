import { Suspense, type ReactNode } from 'react';
import type { ProjectAt } from '#contracts';
import { useLayout } from './layout.js';
import { lazyPart } from './lazy-part.js';

const ProjectPane = lazyPart(() =>
  import('../project/project-pane.js').then((module) => ({ default: module.ProjectPane })),
);

type Props = {
  projectId?: string;
  /** The project at the moment that is looked at. */
  past?: ProjectAt;
  /** Below all of it, as wide as the page. */
  below?: ReactNode;
  /** Whether there is a project to show beside it. */
  withProject?: boolean;
  children: ReactNode;
};

/** The page itself and the project, side by side; on a phone over each other. */
export function PageFrame({ projectId, past, below, withProject = false, children }: Props) {
  const { isProjectOpen } = useLayout();
  const hasProject = withProject && isProjectOpen;
  return (
    <>
      <div className="flex min-h-0 flex-1">
        <main id="main" tabIndex={-1} className="flex min-w-0 flex-1 flex-col outline-none">
          {children}
        </main>
        {hasProject && (
          <div className="fixed inset-0 z-20 bg-surface lg:static lg:z-auto lg:w-[42%] lg:shrink-0 lg:border-s lg:border-line">
            <Suspense>
              <ProjectPane projectId={projectId} past={past} />
            </Suspense>
          </div>
        )}
      </div>
      {below}
    </>
  );
}
