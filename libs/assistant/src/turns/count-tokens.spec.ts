import { metrics } from '#platform';
import { countTokens } from './count-tokens.js';

const counted = async () =>
  Object.fromEntries((await metrics.tokens.get()).values.map(({ labels, value }) => [labels.kind, value]));

beforeEach(() => metrics.tokens.reset());

it('counts by kind, and adds up', async () => {
  countTokens({
    input_tokens: 10,
    output_tokens: 2,
    cache_read_input_tokens: 5,
    cache_creation_input_tokens: 0,
  });
  countTokens({ input_tokens: 1, output_tokens: 3 });
  expect(await counted()).toEqual({ input: 11, output: 5, cache_read: 5 });
});

it.each([undefined, null, 'much', {}, { input_tokens: '7', output_tokens: null }, { input_tokens: -1 }])(
  'counts nothing of %j',
  async (usage) => {
    countTokens(usage);
    expect(await counted()).toEqual({});
  },
);
