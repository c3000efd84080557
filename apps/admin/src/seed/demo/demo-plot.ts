import type { AnswerPart } from '#assistant';

/** A question and what the scripted model answers: one list of parts a step, the tools' results come between them. */
export type DemoTurn = {
  do: 'turn';
  prompt: string;
  answers: AnswerPart[][];
  /** It is asked in the place of an earlier turn's question, by its number from 1: a new branch. */
  instead?: number;
  /** Somebody presses Stop when the last answer has come to its end. */
  stopped?: true;
};

/** What happens in a demo conversation, in order. */
export type DemoStep =
  | DemoTurn
  | { do: 'label'; version: number; name: string; starred?: boolean }
  | { do: 'restore'; version: number }
  /** Another conversation that goes on where that turn had ended; what follows happens there. */
  | { do: 'fork'; afterTurn: number; title: string };

export type DemoPlot = { key: string; title: string; steps: DemoStep[] };

/** A tool part. */
export function write(path: string, content: string): AnswerPart {
  return { tool: 'Write', input: { file_path: path, content } };
}

export function read(path: string): AnswerPart {
  return { tool: 'Read', input: { file_path: path } };
}

export function edit(path: string, before: string, after: string): AnswerPart {
  return { tool: 'Edit', input: { file_path: path, old_string: before, new_string: after } };
}

export function remove(path: string): AnswerPart {
  return { tool: 'Delete', input: { file_path: path } };
}

export function say(text: string): AnswerPart {
  return { text };
}

export function think(thinking: string): AnswerPart {
  return { thinking };
}
