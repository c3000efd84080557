import { parseChainAnchor } from './chain-anchor.js';

const mac = 'a1'.repeat(32);

describe('parseChainAnchor', () => {
  it('reads what was written as JSON', () => {
    expect(parseChainAnchor(`${JSON.stringify({ seal: 7, mac })}\n`)).toEqual({ seal: 7, mac });
  });

  it.each([
    ['', 'no JSON'],
    ['null', 'no seal'],
    [JSON.stringify({ seal: 0, mac }), 'no seal'],
    [JSON.stringify({ seal: '7', mac }), 'no seal'],
    [JSON.stringify({ seal: 7 }), 'no mac'],
    [JSON.stringify({ seal: 7, mac: mac.toUpperCase() }), 'no mac'],
    [JSON.stringify({ seal: 7, mac: mac.slice(2) }), 'no mac'],
  ])('says what is wrong with %s', (text, what) => {
    expect(() => parseChainAnchor(text)).toThrow(what);
  });
});
