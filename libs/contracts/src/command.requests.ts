import { z } from 'zod';
import { forkConversationShape } from './conversation.requests.js';
import { checkUserContent, editMessageShape, postMessageShape } from './message.requests.js';
import { idSchema } from './parameters.js';
import { problemSchema } from './problem.js';
import { promptSchema, textSchema, titleSchema, toolNameSchema } from './text.js';

/** Most commands of one batch. */
export const MAX_BATCH = 100;

const conversationId = idSchema;
const messageId = idSchema;
const inConversation = z.strictObject({ conversationId });
/** `conversationId`: act there, on what a fork has inherited; absent: in the conversation that made the message. */
const onMessageShape = { messageId, conversationId: idSchema.optional() };
const onMessage = z.strictObject(onMessageShape);

/** What each command type carries. A message or turn is found by its bare id; its conversation need not be named, but that a fork acts on what it has inherited. */
export const commandDataSchemas = {
  startConversation: z.strictObject({ projectId: idSchema.nullish(), title: titleSchema.nullish() }),
  forkConversation: z.strictObject({ conversationId, ...forkConversationShape }),
  renameConversation: z.strictObject({ conversationId, title: titleSchema }),
  archiveConversation: inConversation,
  unarchiveConversation: inConversation,
  trashConversation: inConversation,
  restoreConversation: inConversation,
  selectBranch: z.strictObject({ conversationId, leafId: idSchema }),
  postMessage: z.strictObject({ conversationId, ...postMessageShape }).superRefine(checkUserContent),
  editMessage: z.strictObject({ ...onMessageShape, ...editMessageShape }),
  removeMessage: onMessage,
  appendChunk: z.strictObject({ ...onMessageShape, chunk: textSchema }),
  completeMessage: z.strictObject({ ...onMessageShape, content: textSchema.optional() }),
  regenerate: z.strictObject({ ...onMessageShape, model: toolNameSchema.optional() }),
  requestTurn: z.strictObject({
    conversationId,
    prompt: promptSchema,
    parentId: idSchema.nullish(),
    model: toolNameSchema.optional(),
  }),
  cancelTurn: z.strictObject({ turnId: idSchema }),
} as const;

/** The name of a command on the wire. */
export type CommandType = keyof typeof commandDataSchemas;
/** What a command of this type carries, as validated. */
export type CommandData<T extends CommandType> = z.output<(typeof commandDataSchemas)[T]>;

const envelope = {
  /** The idempotency key of this command: the same id with the same content is the same command. */
  commandId: z.string().regex(/^[\x21-\x7e]{1,255}$/, { error: 'must be 1 to 255 visible ASCII characters' }),
  /** The head that the caller has folded: another head is refused with `wrong_expected_seq`. */
  expectedSeq: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
};

function item<T extends CommandType>(type: T) {
  return z.strictObject({ ...envelope, type: z.literal(type), data: commandDataSchemas[type] });
}

/** One command of `POST /api/commands`. */
export const commandSchema = z.discriminatedUnion('type', [
  item('startConversation'),
  item('forkConversation'),
  item('renameConversation'),
  item('archiveConversation'),
  item('unarchiveConversation'),
  item('trashConversation'),
  item('restoreConversation'),
  item('selectBranch'),
  item('postMessage'),
  item('editMessage'),
  item('removeMessage'),
  item('appendChunk'),
  item('completeMessage'),
  item('regenerate'),
  item('requestTurn'),
  item('cancelTurn'),
]);
export type CommandRequest = z.output<typeof commandSchema>;

/** The body of `POST /api/commands`: one command, or up to 100, each of them its own unit. */
export const commandsBodySchema = z.union([commandSchema, z.array(commandSchema).min(1).max(MAX_BATCH)]);

const acceptedCommandSchema = z.object({
  commandId: z.string(),
  /** The status that the command's own route answers with. */
  status: z.number().int(),
  conversationId: z.guid(),
  messageId: z.guid().optional(),
  turnId: z.guid().optional(),
  /** Of the command's first event; null when it changed nothing. */
  seqFrom: z.number().int().min(1).nullable(),
  /** Of its last event, or the position that it was decided at. */
  seq: z.number().int().min(0),
});
const refusedCommandSchema = z.object({
  commandId: z.string(),
  status: z.number().int(),
  problem: problemSchema,
});

/** What became of one command. A single refused command is answered as a problem; in a batch it stands in its place. */
export const commandOutcomeSchema = z
  .union([acceptedCommandSchema, refusedCommandSchema])
  .meta({ id: 'CommandOutcome' });
export type CommandOutcome = z.infer<typeof commandOutcomeSchema>;
