import { answerWith, type AnswerPart } from './answer.js';
import { edits, filesOf, nameOf } from './default-page.js';
import type { Script, ScriptedBlock, ScriptedRequest } from './protocol.js';
import { hasToolResult, promptOf } from './recording.js';

const notice =
  '*This is a scripted answer: no `ANTHROPIC_API_KEY` is set, so no model was asked. Everything else here is real.*';

const asksForTime = /\b(time|clock|date|today|hour|o'clock)\b/i;
const asksToBuild = /\b(build|make|create|write|design|draw|code|add|change|page|site|app|game|widget)\b/i;
const timeZone = /\b[A-Z][A-Za-z]+\/[A-Z][A-Za-z_]+\b/g;
/** A script that goes in circles is no good example. */
const mostSteps = 5;

/**
 * What `npm start` without a key talks to. It builds a small real page for any prompt (some words, the files, a second look
 * that edits one, and a last word), or reads the clock, once for each time zone named, if it is asked for the time and not to build anything; each only
 * if it was given the tools. Every turn says that it is scripted.
 */
export const defaultScript: Script = (request) => {
  const model = request.model;
  const inputTokens = Math.ceil(JSON.stringify(request.messages).length / 4);
  return answerWith(hasToolResult(request) ? goingOn(request) : opening(request), { model, inputTokens });
};

function opening(request: ScriptedRequest): AnswerPart[] {
  const prompt = wordsOf(request);
  const canBuild = has(request, 'Write') && has(request, 'Edit');
  if (has(request, 'Clock') && asksForTime.test(prompt) && !(canBuild && asksToBuild.test(prompt)))
    return lookingAtClocks(prompt);
  if (!canBuild) return [{ text: nameplate(prompt) }];
  const intro = `${notice}\n\nYou asked for “${nameOf(prompt)}”. I can draw you its nameplate, and make it wave.`;
  // What was written in an earlier turn must be read in this one before it is written again.
  const wrote = has(request, 'Read') && callsOf(request).some(({ name }) => name === 'Write');
  if (!wrote) return [{ text: intro }, ...writing(prompt)];
  return [{ text: `${intro} First I look at what is there.` }, ...reading(prompt)];
}

/** The next step, by the calls whose results came back. */
function goingOn(request: ScriptedRequest): AnswerPart[] {
  const prompt = wordsOf(request);
  const last = request.messages.at(-1)!.content as ScriptedBlock[];
  const results = last.filter(({ type }) => type === 'tool_result');
  const ids = new Set(results.map((block) => block.tool_use_id));
  const done = callsOf(request).filter(({ id }) => ids.has(id));
  const failed = results.filter((block) => block.is_error === true);
  const is = (name: string): boolean => done.length > 0 && done.every((call) => call.name === name);
  if (stepsOf(request) > mostSteps) return closing(results);
  if (is('Read')) return [{ text: 'Now I write it.' }, ...writing(prompt)];
  if (is('Write') && failed.length === 0) {
    return [
      { text: 'The page is there. Its corners are a little sharp, though.' },
      ...edits().map((input) => ({ tool: 'Edit', input })),
    ];
  }
  if (
    is('Write') &&
    has(request, 'Read') &&
    failed.every((block) => /[Rr]ead it/.test(resultText(block.content)))
  )
    return [{ text: 'Some of these files are there already: I read them first.' }, ...reading(prompt)];
  if (is('Edit') && failed.length === 0) return [{ text: followUp(prompt) }];
  return closing(results);
}

function lookingAtClocks(prompt: string): AnswerPart[] {
  const zones = [...new Set(prompt.match(timeZone) ?? [])].slice(0, 4);
  const inputs = zones.length > 0 ? zones.map((zone) => ({ timeZone: zone })) : [{}];
  return [
    { text: `${notice}\n\nLet me look at the clock${inputs.length > 1 ? 's' : ''}.` },
    ...inputs.map((input) => ({ tool: 'Clock', input })),
  ];
}

const writing = (prompt: string): AnswerPart[] =>
  Object.entries(filesOf(prompt)).map(([file_path, content]) => ({
    tool: 'Write',
    input: { file_path, content },
  }));
const reading = (prompt: string): AnswerPart[] =>
  Object.keys(filesOf(prompt)).map((file_path) => ({ tool: 'Read', input: { file_path } }));

function closing(results: ScriptedBlock[]): AnswerPart[] {
  const lines = results.map(
    (block) => `- ${block.is_error === true ? 'no luck: ' : ''}${resultText(block.content)}`,
  );
  return [
    {
      text: `Here is what came back:\n\n${lines.join('\n')}\n\nThat is all that a script can make of it. ${notice}`,
    },
  ];
}

function followUp(prompt: string): string {
  return `“${nameOf(prompt)}” is done: a page, its style and its script, with round corners now. Press the button as often as you like.

Every word and every file of this answer went through the real log on its way to you: reload in the middle of an answer, and
nothing is lost; slide back, and you see each file as it was. Ask me for something else, and I make it the next version.`;
}

function nameplate(prompt: string): string {
  const files = filesOf(prompt);
  const blocks = Object.entries(files).map(([path, content]) => `${path}:\n\n\`\`\`\n${content}\`\`\``);
  return `${notice}\n\nYou asked for “${nameOf(prompt)}”. A real model would build it; here is its nameplate, which waves:\n\n${blocks.join('\n\n')}`;
}

/** Of the newest message in which someone asks for something; what the service says beside it is no prompt. */
function wordsOf(request: ScriptedRequest): string {
  const asked = request.messages.findLast(
    ({ role, content }) =>
      role === 'user' &&
      (typeof content === 'string' || content.some(({ type, text }) => type === 'text' && !isNote(text))),
  );
  const messages = asked ? [{ ...asked, content: withoutNotes(asked.content) }] : [];
  return promptOf({ ...request, messages });
}

const isNote = (text: unknown): boolean => String(text).startsWith('<system>');
const withoutNotes = (content: string | ScriptedBlock[]): string | ScriptedBlock[] =>
  typeof content === 'string' ? content : content.filter(({ text }) => !isNote(text));

function has({ tools = [] }: ScriptedRequest, name: string): boolean {
  return tools.some((tool) => tool.name === name);
}

function callsOf({ messages }: ScriptedRequest): { id: unknown; name: unknown }[] {
  return messages.flatMap(({ role, content }) =>
    role === 'assistant' && typeof content !== 'string'
      ? content.filter(({ type }) => type === 'tool_use').map(({ id, name }) => ({ id, name }))
      : [],
  );
}

/** Answers since someone asked. */
function stepsOf({ messages }: ScriptedRequest): number {
  const asked = messages.findLastIndex(
    ({ role, content }) =>
      role === 'user' && (typeof content === 'string' || content.every(({ type }) => type !== 'tool_result')),
  );
  return (messages.length - 1 - asked) / 2;
}

function resultText(content: unknown): string {
  if (typeof content === 'string') return content;
  const parts = Array.isArray(content) ? (content as ScriptedBlock[]) : [];
  return parts.map((part) => (typeof part.text === 'string' ? part.text : `(${part.type})`)).join(' ');
}
