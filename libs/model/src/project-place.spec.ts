import { idOf, Story } from '../../../test/support/story.js';
import { buildRequest } from './context.js';
import { evolve } from './evolve.js';
import { prune } from './prune.js';

const projectId = idOf(900);
const at = (projectSeq: number) => ({ projectId, projectSeq });
const settings = { model: 'm', system: '', maxTokens: 1, contextTokens: 10_000, tools: [] };

/** A conversation whose first turn has begun an answer that asks for one call. */
function asking(): { story: Story; answer: string; row: string; turnId: string } {
  const story = new Story().start('T');
  const { turnId } = story.turn('Build it.');
  const answer = story.begin();
  story.complete({
    content: [{ type: 'tool_use', id: 'c', name: 'Write', input: {} }],
    stop_reason: 'tool_use',
  });
  const row = story.call('c', answer);
  return { story, answer, row, turnId };
}
const succeed = ({ story, answer, row, turnId }: ReturnType<typeof asking>, more: object): Story =>
  story.append({
    type: 'ToolCallSucceeded',
    data: { turnId, messageId: row, assistantMessageId: answer, toolUseId: 'c', result: 'ok', ...more },
  });

it('is where the last event that tells of it says, and what was told up to there is known', () => {
  const asked = asking();
  const { story, turnId } = asked;
  expect(story.state.project).toBeNull();
  story.append({ type: 'ConversationProjectLinked', data: { projectId } });
  expect(story.state.project).toEqual({ id: projectId, seq: null, toldSeq: null });
  succeed(asked, { ...at(4), projectChanged: true });
  expect(story.state.project).toEqual({ id: projectId, seq: 4, toldSeq: 4 });
  expect(story.state.turn?.changedProject).toBe(projectId);
  // The end of a turn tells Claude nothing: a restore between the two is still to be told.
  story.append({ type: 'TurnCancelled', data: { turnId, ...at(9), projectVersion: 2 } });
  expect(story.state.project).toEqual({ id: projectId, seq: 9, toldSeq: 4 });
  story.turn('Go on.');
  expect(story.state.turn?.changedProject).toBeNull();
});

it('is unchanged by what only reads, and survives a snapshot', () => {
  const asked = asking();
  succeed(asked, at(4));
  expect(asked.story.state.turn?.changedProject).toBeNull();
  expect(prune(asked.story.state)).toMatchObject({ project: { seq: 4 }, turn: { changedProject: null } });
  // No decision needs what Claude was told, and it would only grow.
  succeed(asked, { ...at(5), projectNote: 'N' });
  expect([asked.story.state, prune(asked.story.state)].map((state) => state.projectNotes)).toEqual([
    { [asked.row]: 'N' },
    {},
  ]);
  // A state that was kept before there were projects.
  const { project: _, projectNotes: __, ...old } = structuredClone(asked.story.state);
  const started = {
    type: 'TurnStarted',
    data: { turnId: asked.turnId, owner: 'x', projectNote: 'N', ...at(5) },
  };
  const event = { ...started, seq: 99, at: '', schemaVersion: 1, metadata: {} };
  expect(evolve(old as typeof asked.story.state, event)).toMatchObject({
    project: { seq: 5 },
    projectNotes: expect.anything(),
    markers: [],
  });
});

it('gives the rows of the turn its version and the blob of a large result', () => {
  const asked = asking();
  const { story, turnId, row } = asked;
  const resultBlob = { sha256: 'f'.repeat(64), size: 7 };
  succeed(asked, { resultBlob });
  expect(story.state.messages[row]?.metadata).toEqual({ resultBlob });
  const half = story.begin();
  story.append({ type: 'TurnInterrupted', data: { turnId, reason: 'x', ...at(3), projectVersion: 1 } });
  expect(story.state.messages[half]?.metadata).toMatchObject({ outcome: 'interrupted', projectVersion: 1 });
});

it('sends a note with the message or behind the results that it came with, then and ever after', () => {
  const asked = asking();
  const { story, answer, row, turnId } = asked;
  story.append({ type: 'TurnStarted', data: { turnId, owner: 'x', projectNote: 'First note.', ...at(1) } });
  succeed(asked, { projectNote: 'Second note.', ...at(5) });
  const { messages } = buildRequest(story.state, row, settings).request;
  expect(messages).toEqual([
    {
      role: 'user',
      content: [
        { type: 'text', text: '<system>\nFirst note.\n</system>' },
        { type: 'text', text: 'Build it.' },
      ],
    },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'c', name: 'Write', input: {} }] },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 'c', content: 'ok' },
        { type: 'text', text: '<system>\nSecond note.\n</system>' },
      ],
    },
  ]);
  expect(story.state.messages[answer]).toBeDefined();
});
