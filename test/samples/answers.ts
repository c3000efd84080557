/**
 * Answers of the Messages API, made by hand from its documentation: every block and delta type, in the order in which
 * a server streams them. `ping` may stand anywhere.
 */
export type RawEvent = { type: string; [field: string]: unknown };

const ping: RawEvent = { type: 'ping' };

function start(message: Record<string, unknown> = {}): RawEvent {
  return {
    type: 'message_start',
    message: {
      id: 'msg_sample',
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-5-5',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: {
        input_tokens: 12,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 7,
        output_tokens: 1,
      },
      ...message,
    },
  };
}

function block(
  index: number,
  contentBlock: Record<string, unknown>,
  ...deltas: Record<string, unknown>[]
): RawEvent[] {
  return [
    { type: 'content_block_start', index, content_block: contentBlock },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}

const words = (...texts: string[]) => texts.map((text) => ({ type: 'text_delta', text }));
const json = (...parts: string[]) => parts.map((part) => ({ type: 'input_json_delta', partial_json: part }));
const text = (index: number, ...texts: string[]) =>
  block(index, { type: 'text', text: '' }, ...words(...texts));

function stop(
  stopReason: string,
  more: { delta?: Record<string, unknown>; usage?: Record<string, unknown>; [field: string]: unknown } = {},
): RawEvent[] {
  const { delta, usage, ...rest } = more;
  return [
    {
      type: 'message_delta',
      delta: { stop_reason: stopReason, stop_sequence: null, ...delta },
      usage: { output_tokens: 42, ...usage },
      ...rest,
    },
    { type: 'message_stop' },
  ];
}

const documentCitation = {
  type: 'char_location',
  cited_text: 'The grass is green.',
  document_index: 0,
  document_title: 'Notes',
  start_char_index: 0,
  end_char_index: 19,
  file_id: null,
};
const webCitation = {
  type: 'web_search_result_location',
  cited_text: 'A lawn …',
  url: 'https://example.org/lawn',
  title: 'Lawns',
  encrypted_index: 'Eo8BCioIAhgB',
};

/** By name: the events of one whole answer each. */
export const answers: Record<string, RawEvent[]> = {
  'text in pieces, with pings': [
    start(),
    ping,
    ...text(0, 'Hello', ', ', 'wörld', ' 👋🏽', '\n\n', '你好,世界'),
    ping,
    ...stop('end_turn'),
  ],
  'no content at all': [start(), ...stop('end_turn', { usage: { output_tokens: 0 } })],
  'a text block that begins with text': [
    start(),
    ...block(0, { type: 'text', text: 'Al' }, ...words('ready')),
    ...stop('end_turn'),
  ],
  'empty deltas': [start(), ...text(0, '', 'a', '', ''), ...stop('end_turn')],
  'control characters and halves of surrogate pairs': [
    start(),
    ...text(0, 'nul \u0000', ' high \ud83d', '\ude00 low', ' lone \udc00', ' sep \u2028\u2029'),
    ...stop('end_turn'),
  ],
  'citations of a document and of the web': [
    start(),
    ...text(0, 'According to the notes, '),
    ...block(
      1,
      { type: 'text', text: '', citations: [] },
      { type: 'citations_delta', citation: documentCitation },
      ...words('the grass '),
      { type: 'citations_delta', citation: webCitation },
      ...words('is green.'),
    ),
    ...block(2, { type: 'text', text: '' }, ...words('Yes.'), {
      type: 'citations_delta',
      citation: webCitation,
    }),
    ...stop('end_turn'),
  ],
  'thinking, its signature sent twice, and text': [
    start(),
    ...block(
      0,
      { type: 'thinking', thinking: '', signature: '' },
      { type: 'thinking_delta', thinking: 'Let me ' },
      { type: 'thinking_delta', thinking: 'see.' },
      { type: 'signature_delta', signature: 'draft' },
      { type: 'signature_delta', signature: 'EqoBCkgIARABGAIiQL' },
    ),
    ...text(1, '4'),
    ...stop('end_turn', { usage: { output_tokens_details: { thinking_tokens: 20 } } }),
  ],
  'redacted thinking between thinking': [
    start(),
    ...block(0, { type: 'thinking', thinking: 'whole', signature: 'sig1' }),
    ...block(1, { type: 'redacted_thinking', data: 'EmwKAhgBEgy3va3pzix' }),
    ...text(2, 'Done.'),
    ...stop('end_turn'),
  ],
  'two tool calls in one answer': [
    start(),
    ...text(0, 'I look at both.'),
    ...block(
      1,
      { type: 'tool_use', id: 'toolu_a', name: 'Read', input: {} },
      ...json(
        '',
        '{"file_',
        'path": "in',
        'dex.html", "n": [1, 2.5e-3, 0.5, true, null], "s": "\\u00e9\\n\\"q\\" \\ud83d"',
        '}',
      ),
    ),
    ...block(2, { type: 'tool_use', id: 'toolu_b', name: 'Clock', input: {} }, ...json('')),
    ...stop('tool_use'),
  ],
  'a tool call whose input came whole': [
    start(),
    ...block(0, { type: 'tool_use', id: 'toolu_c', name: 'Clock', input: { zone: 'UTC' } }),
    ...stop('tool_use'),
  ],
  'a tool call without input deltas': [
    start(),
    ...block(0, { type: 'tool_use', id: 'toolu_d', name: 'Clock', input: {} }),
    ...stop('tool_use'),
  ],
  'server tools, their results and unknown blocks': [
    start(),
    ...block(
      0,
      { type: 'server_tool_use', id: 'srvtoolu_a', name: 'web_search', input: {} },
      ...json('{"query"', ':"lawn"}'),
    ),
    ...block(1, {
      type: 'web_search_tool_result',
      tool_use_id: 'srvtoolu_a',
      content: [
        {
          type: 'web_search_result',
          url: 'https://example.org',
          title: 'Lawn',
          encrypted_content: 'x',
          page_age: null,
        },
      ],
    }),
    ...block(
      2,
      { type: 'mcp_tool_use', id: 'mcptoolu_a', name: 'echo', server_name: 's', input: {} },
      ...json('{"m":1}'),
    ),
    ...block(3, {
      type: 'mcp_tool_result',
      tool_use_id: 'mcptoolu_a',
      is_error: false,
      content: [{ type: 'text', text: '1' }],
    }),
    ...block(4, {
      type: 'code_execution_tool_result',
      tool_use_id: 'x',
      content: { type: 'code_execution_tool_result_error', error_code: 'unavailable' },
    }),
    ...block(5, { type: 'hologram', frames: [1, 2], nested: { deep: true } }),
    ...text(6, 'So.'),
    ...stop('end_turn', { usage: { server_tool_use: { web_search_requests: 1 } } }),
  ],
  'a compaction, replaced by its delta': [
    start(),
    ...block(
      0,
      { type: 'compaction', content: '' },
      { type: 'compaction_delta', content: 'first draft' },
      { type: 'compaction_delta', content: 'The summary.', encrypted_content: 'ZW5j' },
    ),
    ...text(1, 'Going on.'),
    ...stop('end_turn', { context_management: { applied_edits: [] } }),
  ],
  'a compaction that failed': [
    start(),
    ...block(0, { type: 'compaction', content: '' }, { type: 'compaction_delta', content: null }),
    ...stop('end_turn'),
  ],
  'a fallback to another model': [
    start({ model: 'claude-opus-4-7' }),
    ...block(0, {
      type: 'fallback',
      from: { model: 'claude-opus-4-7' },
      to: { model: 'claude-sonnet-5-5' },
      trigger: null,
    }),
    ...text(1, 'Hi'),
    ...stop('end_turn', { usage: { fallback_credit: { status: 'redeemed' } } }),
  ],
  'content in message_start': [
    start({
      content: [
        { type: 'tool_use', id: 'toolu_e', name: 'roll', input: { player: 2 }, caller: { type: 'direct' } },
      ],
      stop_reason: 'tool_use',
      container: { id: 'container_1', expires_at: '2026-01-01T00:00:00Z' },
    }),
    { type: 'message_stop' },
  ],
  'usage overwrites where it is given and not null': [
    start({
      usage: {
        input_tokens: 1,
        cache_creation_input_tokens: 2,
        cache_read_input_tokens: 3,
        output_tokens: 1,
        service_tier: 'standard',
      },
    }),
    ...text(0, 'a'),
    {
      type: 'message_delta',
      delta: { stop_reason: 'pause_turn', stop_sequence: null },
      usage: {
        input_tokens: null,
        cache_creation_input_tokens: 20,
        cache_read_input_tokens: 0,
        output_tokens: 5,
        iterations: [{ type: 'message' }],
      },
    },
    {
      type: 'message_delta',
      delta: {
        stop_reason: 'stop_sequence',
        stop_sequence: '###',
        stop_details: { type: 'x' },
        container: { id: 'c' },
      },
      usage: { output_tokens: 9, iterations: null, service_tier: 'priority' },
      context_management: { applied_edits: [{ type: 'clear_tool_uses_20250919' }] },
      input_transformations: [{ type: 't' }],
    },
    { type: 'message_stop' },
  ],
  'a refusal with details': [
    start(),
    ...text(0, 'I cannot'),
    ...stop('refusal', { delta: { stop_details: { type: 'refusal', category: null } } }),
  ],
  'events and deltas that nobody knows yet': [
    start(),
    { type: 'weather', sky: 'blue' },
    ...block(
      0,
      { type: 'text', text: '' },
      ...words('a'),
      { type: 'colour_delta', colour: 'red' },
      ...words('b'),
    ),
    ...block(1, { type: 'image', source: {} }, ...words('lost on an image')),
    ...stop('end_turn'),
  ],
  'blocks that overlap': [
    start(),
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    {
      type: 'content_block_start',
      index: 1,
      content_block: { type: 'tool_use', id: 'toolu_f', name: 'n', input: {} },
    },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'one' } },
    { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"a":' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: ' two' } },
    { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '"b"}' } },
    { type: 'content_block_stop', index: 1 },
    { type: 'content_block_stop', index: 0 },
    ...stop('tool_use'),
  ],
  'a tool call cut off by max_tokens': [
    start(),
    ...block(
      0,
      { type: 'tool_use', id: 'toolu_g', name: 'Write', input: {} },
      ...json('{"file_path": "a.html", "lines": [1, 2], "content": "<p>Hel'),
    ),
    ...stop('max_tokens'),
  ],
};
