import type { ClaudeAction } from '#react';
import { timeTravelWords } from '../words/time-travel.words.js';

/** What Claude did, as a part of a sentence. */
export function actionText({ kind, file, tool }: ClaudeAction): string {
  const { actions } = timeTravelWords;
  switch (kind) {
    case 'waiting':
    case 'thinking':
    case 'writing_text':
      return actions[kind];
    case 'reading':
    case 'writing':
    case 'editing':
    case 'deleting':
      return actions[kind](file ?? actions.aFile);
    case 'using_tool':
      return actions.using_tool(tool ?? actions.aTool);
    default: {
      const never: never = kind;
      return never;
    }
  }
}
