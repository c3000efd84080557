import { boundNesting } from './bound-nesting.js';

describe('bounded nesting', () => {
  it('leaves what people write as it is', () => {
    const text =
      '> a quote\n> > in a quote\n\n- a list\n  - in a list\n    1. and *more*\n\n**bold** > not a quote';
    expect(boundNesting(text)).toBe(text);
  });

  it('shows the thirteenth quote as a character', () => {
    expect(boundNesting('>'.repeat(14))).toBe(`${'>'.repeat(12)}\\>>`);
    expect(boundNesting('> '.repeat(14))).toBe(`${'> '.repeat(12)}\\> > `);
  });

  it('counts list items, and both together', () => {
    expect(boundNesting('- '.repeat(13))).toBe(`${'- '.repeat(12)}\\- `);
    expect(boundNesting(`${'1. '.repeat(6)}${'> '.repeat(6)}2) x`)).toBe(
      `${'1. '.repeat(6)}${'> '.repeat(6)}2\\) x`,
    );
  });

  it('takes 10,000 quotes on 100 lines in its stride', () => {
    const begin = performance.now();
    const text = boundNesting(`${'>'.repeat(10_000)}\n`.repeat(100));
    expect(text.split('\n')[99]).toMatch(/^>{12}\\>{9988}$/);
    expect(performance.now() - begin).toBeLessThan(1_000);
  });
});
