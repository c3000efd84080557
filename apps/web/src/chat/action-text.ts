import type { ClaudeAction } from '#react';
import { words } from '../words/words.js';

/** What Claude does right now, in words. */
export function actionText({ kind, file, tool }: ClaudeAction): string {
  switch (kind) {
    case 'waiting':
    case 'thinking':
    case 'writing_text':
      return words.action[kind];
    case 'using_tool':
      return words.action.using_tool(tool ?? words.action.aTool);
    default:
      return words.action[kind](file ?? words.action.aFile);
  }
}
