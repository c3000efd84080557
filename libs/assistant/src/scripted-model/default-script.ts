import { answerWith, type AnswerPart } from './answer.js';
import type { Script, ScriptedBlock, ScriptedRequest } from './protocol.js';
import { hasToolResult, promptOf } from './recording.js';

const notice =
  '*This is a scripted answer: no `ANTHROPIC_API_KEY` is set, so no model was asked. Everything else here is real.*';

const asksForTime = /\b(time|clock|date|today|hour|o'clock)\b/i;
const timeZone = /\b[A-Z][A-Za-z]+\/[A-Z][A-Za-z_]+\b/g;

/**
 * What `npm start` without a key talks to. It builds a small page for any prompt, and reads the clock, once for each
 * time zone named, if it is asked for the time and was given that tool. Every answer says that it is scripted.
 */
export const defaultScript: Script = (request) => {
  const model = request.model;
  const inputTokens = Math.ceil(JSON.stringify(request.messages).length / 4);
  return answerWith(hasToolResult(request) ? closing(request) : opening(request), { model, inputTokens });
};

function opening(request: ScriptedRequest): AnswerPart[] {
  const prompt = promptOf(request);
  const hasClock = request.tools?.some((tool) => tool.name === 'Clock') ?? false;
  if (!hasClock || !asksForTime.test(prompt)) return [{ text: page(prompt) }];
  const zones = [...new Set(prompt.match(timeZone) ?? [])].slice(0, 4);
  const inputs = zones.length > 0 ? zones.map((zone) => ({ timeZone: zone })) : [{}];
  return [
    { text: `${notice}\n\nLet me look at the clock${inputs.length > 1 ? 's' : ''}.` },
    ...inputs.map((input) => ({ tool: 'Clock', input })),
  ];
}

function closing(request: ScriptedRequest): AnswerPart[] {
  const blocks = request.messages.at(-1)?.content as ScriptedBlock[];
  const results = blocks.filter((block) => block.type === 'tool_result');
  const lines = results.map(
    (block) => `- ${block.is_error === true ? 'no luck: ' : ''}${resultText(block.content)}`,
  );
  return [
    {
      text: `Here is what came back:\n\n${lines.join('\n')}\n\nThat is all that a script can make of it. ${notice}`,
    },
  ];
}

function resultText(content: unknown): string {
  if (typeof content === 'string') return content;
  const parts = Array.isArray(content) ? (content as ScriptedBlock[]) : [];
  return parts.map((part) => (typeof part.text === 'string' ? part.text : `(${part.type})`)).join(' ');
}

/** The same prompt gets the same page. */
function page(prompt: string): string {
  const line = prompt.replaceAll(/\s+/g, ' ').trim();
  const title = Array.from(line).slice(0, 60).join('') || 'Hello';
  const hue = Array.from(line).reduce(
    (sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 360,
    7,
  );
  return `${notice}

You asked for “${title}”. A real model would build it; I can draw you its nameplate, and make it wave:

\`\`\`html
<!doctype html>
<title>${escapeHtml(title)}</title>
<style>
  body { display: grid; place-items: center; min-height: 100vh; margin: 0;
         font: 600 2rem system-ui; background: hsl(${hue} 70% 94%); color: hsl(${hue} 60% 25%) }
  button { font: inherit; padding: .6em 1em; border: 0; border-radius: 1em;
           background: hsl(${hue} 70% 55%); color: white; cursor: pointer }
</style>
<main>
  <h1>${escapeHtml(title)}</h1>
  <button onclick="this.textContent = '👋'.repeat(++waves)">Wave</button>
</main>
<script>let waves = 0</script>
\`\`\`

Press the button as often as you like. Every word of this answer went through the real log on its way to you:
reload the page in the middle of an answer, and nothing is lost. Ask me for the time to see a tool at work.`;
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
