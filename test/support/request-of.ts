import { buildRequest, type ContentBlock, type MessagesRequest, type RequestSettings } from '#model';
import { requestProblem } from './request-rules.js';
import { Story } from './story.js';

export const tools = [{ name: 'Clock', description: 'Tells the time', input_schema: { type: 'object' } }];
/** A budget that takes in everything. */
export const settings: RequestSettings = {
  model: 'm',
  system: 'Be brief.',
  maxTokens: 100,
  contextTokens: 10_000,
  tools,
};
/** A call of the model's. */
export const call = (id: string, input = {}): ContentBlock => ({
  type: 'tool_use',
  id,
  name: 'Clock',
  input,
});
export const text = (words: string): ContentBlock => ({ type: 'text', text: words });

/** The messages that Claude is sent; they are such as the API takes. */
export function messagesOf(
  story: Story,
  more: Partial<RequestSettings> = {},
  tipId = story.state.leafId!,
): MessagesRequest['messages'] {
  const { request } = buildRequest(story.state, tipId, { ...settings, ...more });
  expect(requestProblem(request)).toBeNull();
  return request.messages;
}
/** A turn whose first answer holds these blocks. */
export function answering(...content: ContentBlock[]): { story: Story; answerId: string; turnId: string } {
  const story = new Story().start();
  const { turnId } = story.turn('Time?');
  const answerId = story.begin();
  return { story: story.complete({ content }), answerId, turnId };
}
