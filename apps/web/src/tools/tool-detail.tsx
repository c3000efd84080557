import type { Message } from '#contracts';
import { Suspense, type ReactNode } from 'react';
import { Fallback } from '../shell/fallback.js';
import { PlainText } from '../markdown/plain-text.js';
import { words } from '../words/words.js';
import { changeOf } from './change-of.js';
import { ToolResult } from './tool-result.js';
import { lazyPart } from '../shell/lazy-part.js';

const LineDiff = lazyPart(() => import('./line-diff.js').then((module) => ({ default: module.LineDiff })));

/** All of a tool call. A change of a file is shown as a diff, which is loaded when the first one is opened. */
export function ToolDetail({ message }: { message: Message }) {
  const change = changeOf(message);
  return (
    <div className="mt-1 mb-3 grid gap-3 rounded-xl border border-line bg-raised p-3 text-[0.8125rem]">
      {change ? (
        <Section title={words.tools.changes}>
          <Fallback show={<PlainText text={change.after} />}>
            <Suspense fallback={words.app.loading}>
              <LineDiff before={change.before} after={change.after} />
            </Suspense>
          </Fallback>
        </Section>
      ) : (
        <Section title={words.tools.input}>
          <pre className="tool-text" tabIndex={0}>
            {JSON.stringify(message.toolCall ?? {}, null, 2)}
          </pre>
        </Section>
      )}
      <Section title={words.tools.result}>
        <ToolResult message={message} />
      </Section>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="grid min-w-0 gap-1">
      <h4 className="text-xs font-medium text-faint">{title}</h4>
      {children}
    </section>
  );
}
