/** One event of a streamed answer, as the Messages API writes it: `type` is also the SSE event name. */
export type StreamEvent = { type: string; [field: string]: unknown };

/** What a script may do between two events. */
export type Directive =
  /** Say nothing for so long. */
  | { do: 'wait'; ms: number }
  /** Say nothing more, and keep the connection open. */
  | { do: 'stall' }
  /** Cut the connection without ending the answer. */
  | { do: 'cut' }
  /** Write these characters as they are: a recorded frame, a comment, half a frame. */
  | { do: 'raw'; text: string };

/** One thing that a streamed answer does: send an event, or misbehave as a directive says. */
export type AnswerItem = StreamEvent | Directive;

/** A 200 with a stream of events. */
export type StreamReply = {
  kind: 'stream';
  items: Iterable<AnswerItem> | AsyncIterable<AnswerItem>;
  /** `content_block_delta` events a second; 0 = as fast as they can be written. Default: the server's. */
  speed?: number;
  /** Line ends on the wire. */
  lineEnd?: '\n' | '\r\n';
  /** Write the stream in chunks of so many bytes, whatever the frames are. */
  chunkBytes?: number;
};

/** An error before any stream. */
export type RefusalReply = {
  kind: 'refusal';
  status: number;
  errorType: string;
  message: string;
  /** `retry-after`, `x-should-retry`, … */
  headers?: Record<string, string>;
};

/** `hang` never answers; `drop` closes the connection before any answer. */
export type Reply = StreamReply | RefusalReply | { kind: 'hang' } | { kind: 'drop' };

export type ScriptedBlock = { type: string; [field: string]: unknown };
export type ScriptedMessage = { role: 'user' | 'assistant'; content: string | ScriptedBlock[] };

/** The body of a request that passed validation. */
export type ScriptedRequest = {
  model: string;
  max_tokens: number;
  messages: ScriptedMessage[];
  system?: string | ScriptedBlock[];
  tools?: { name: string; [field: string]: unknown }[];
  [field: string]: unknown;
};

/** Chooses the answer to one request. `index` counts the requests of this server from 0. */
export type Script = (request: ScriptedRequest, call: { index: number }) => Reply | Promise<Reply>;

/** A request as the server received it. */
export type ReceivedRequest = {
  /** Path with query, as on the request line. */
  path: string;
  headers: Record<string, string | string[] | undefined>;
  /** The body's exact characters. */
  text: string;
  /** The parsed body; null where it was no JSON. */
  body: ScriptedRequest | null;
  /** The HTTP status that it was answered with; null while there is no answer yet. */
  status: number | null;
};
