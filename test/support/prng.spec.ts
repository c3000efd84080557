import { createPrng } from './prng.js';

describe('createPrng', () => {
  let written: jest.SpyInstance;
  beforeEach(() => {
    written = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  });
  afterEach(() => jest.restoreAllMocks());

  it('gives the same values for the same seed, and prints it', () => {
    const [one, two] = [createPrng('test', 42), createPrng('test', 42)];
    const draw = (prng: typeof one) => Array.from({ length: 50 }, () => prng.between(1, 6));
    expect(draw(one)).toEqual(draw(two));
    expect(written).toHaveBeenCalledWith(expect.stringContaining('CHATLOG_TEST_SEED=42'));
  });

  it('stays within its bounds and reaches both ends', () => {
    const prng = createPrng('test', 7);
    const values = Array.from({ length: 1_000 }, () => prng.between(3, 5));
    expect(new Set(values)).toEqual(new Set([3, 4, 5]));
  });
});
