import { foldEvents, initialState, type LoggedEvent } from '#model';
import { nothingYet } from './moment.js';
import { momentsFold } from './moments.fold.js';

const streamId = '00000000-0000-4000-8000-000000000000';
const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const turn = { turnId: id(1) };

function logged(...events: [type: string, data: object][]): LoggedEvent[] {
  const known = { at: '2026-01-01T00:00:00.000Z', schemaVersion: 1, metadata: turn };
  return events.map(([type, data], index) => ({
    ...known,
    seq: index + 1,
    type,
    data: { ...turn, ...data },
  }));
}

const begun = (n: number, toolName: string): [string, object] => [
  'ToolCallStarted',
  { messageId: id(n), parentId: id(2), assistantMessageId: id(2), toolUseId: 'same', toolName, input: {} },
];

describe('the track of a conversation', () => {
  it('has as open calls what the model has, though a call takes the id of one that is open', () => {
    const events = logged(
      ['ConversationStarted', {}],
      ['TurnStarted', { owner: 'runner' }],
      begun(3, 'Read'),
      begun(4, 'Write'),
      [
        'ToolCallSucceeded',
        { assistantMessageId: id(2), messageId: id(4), toolUseId: 'same', result: 'done' },
      ],
    );
    const context = { state: initialState(streamId), standing: nothingYet() };
    const { moments, markers } = momentsFold.fold(context, events, { unreadable: 'park' });
    expect(markers).toEqual([]);
    const calls = moments.map(({ seq, standing }) => {
      const known = foldEvents(streamId, events.slice(0, seq)).turn?.openToolCalls ?? {};
      expect(standing.openToolCalls.map(({ toolUseId, messageId }) => [toolUseId, messageId])).toEqual(
        Object.entries(known),
      );
      return standing.openToolCalls.map(({ toolName }) => toolName);
    });
    expect(calls).toEqual([[], [], ['Read'], ['Write'], []]);
  });
});
