import { messagesProblem } from './messages-problem.js';

/** The fields that the Messages API accepts in a request body; any other is refused by name. */
const knownFields = new Set([
  'model',
  'max_tokens',
  'messages',
  'system',
  'tools',
  'tool_choice',
  'stream',
  'temperature',
  'top_p',
  'top_k',
  'stop_sequences',
  'metadata',
  'thinking',
  'service_tier',
  'container',
  'context_management',
  'mcp_servers',
  'output_config',
  'cache_control',
  'inference_geo',
  'speed',
]);

const loneSurrogate = /\p{Surrogate}/u;
const toolNamePattern = /^[a-zA-Z0-9_-]{1,128}$/;

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * What the Messages API would refuse in this body with a 400 `invalid_request_error`; null if nothing.
 * It knows the rules that a context builder can break: roles, empty text, tool calls without results and results
 * without calls, unsigned thinking, broken characters, unknown fields.
 */
export function requestProblem(text: string, body: unknown): string | null {
  if (!isFields(body)) return 'The request body is not valid JSON';
  if (hasLoneSurrogate(text)) return 'The request body is not valid JSON: no low surrogate in string';
  const unknown = Object.keys(body).find((field) => !knownFields.has(field));
  if (unknown !== undefined) return `${unknown}: Extra inputs are not permitted`;
  if (typeof body.model !== 'string' || body.model === '') return 'model: Field required';
  if (!Number.isInteger(body.max_tokens) || (body.max_tokens as number) < 1)
    return 'max_tokens: Field required';
  if (body.stream !== true) return 'stream: this server only streams';
  return toolsProblem(body.tools) ?? systemProblem(body.system) ?? messagesProblem(body.messages);
}

/** JSON may escape half a character (`\ud83d` alone); the API's parser refuses the whole body. */
function hasLoneSurrogate(text: string): boolean {
  if (!/\\u[dD][89a-fA-F]/.test(text)) return false;
  let lone = false;
  JSON.parse(text, (key, value: unknown) => {
    if (loneSurrogate.test(key) || (typeof value === 'string' && loneSurrogate.test(value))) lone = true;
    return value;
  });
  return lone;
}

function toolsProblem(tools: unknown): string | null {
  if (tools === undefined) return null;
  if (!Array.isArray(tools)) return 'tools: Input should be a valid list';
  const names = new Set<unknown>();
  for (const [index, tool] of tools.entries()) {
    if (!isFields(tool) || typeof tool.name !== 'string' || !toolNamePattern.test(tool.name))
      return `tools.${index}.name: String should match pattern '${toolNamePattern.source}'`;
    if (names.has(tool.name)) return 'tools: Tool names must be unique.';
    names.add(tool.name);
    const schema = tool.input_schema;
    if (tool.type === undefined && (!isFields(schema) || schema.type !== 'object'))
      return `tools.${index}.custom.input_schema.type: Field required`;
  }
  return null;
}

function systemProblem(system: unknown): string | null {
  if (system === undefined || typeof system === 'string') return null;
  if (!Array.isArray(system)) return 'system: Input should be a valid list';
  const at = system.findIndex(
    (block) => !isFields(block) || typeof block.text !== 'string' || block.text === '',
  );
  return at === -1 ? null : 'system: text content blocks must be non-empty';
}
