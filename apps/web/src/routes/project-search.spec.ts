import { projectSearch } from './project-search.js';

const conversation = '0198f000-0000-7000-8000-000000000001';

describe('the search parameters of a chat', () => {
  it('keeps a conversation, a position and what it is compared with', () => {
    expect(projectSearch({ conversation, at: 312, diff: 'now' })).toEqual({
      conversation,
      at: 312,
      diff: 'now',
    });
    expect(projectSearch({ conversation: conversation.toUpperCase(), at: '7', diff: '3' })).toEqual({
      conversation,
      at: 7,
      diff: 3,
    });
  });

  it.each([
    { conversation: 'x' },
    { conversation: [conversation] },
    { at: 0 },
    { at: -1 },
    { at: 1.5 },
    { at: '1e3' },
    { at: 2 ** 53 },
    { at: true },
    { diff: 'then' },
    { diff: {} },
  ])('drops %j', (search) => {
    expect(projectSearch(search)).toEqual({});
  });
});
