import { held, streamNamed } from '../../../test/support/held-units.js';
import { AppendBuffer } from './append-buffer.js';
import type { HeldUnit } from './held-unit.js';

const MANY = 1_000_000;
const turnOn = (name: string) => ({ streamId: streamNamed(name), turnId: streamNamed('t') });

function bufferOf(...units: HeldUnit[]): AppendBuffer {
  const buffer = new AppendBuffer();
  for (const unit of units) expect(buffer.hold(unit)).toBeNull();
  return buffer;
}

describe('holding', () => {
  it('takes a second unit on a stream only right behind the first', () => {
    const buffer = new AppendBuffer();
    const first = held({ a: 4 });
    expect(buffer.hold(first)).toBeNull();
    for (const wrong of [3, 4, 6]) {
      expect(buffer.hold(held({ a: wrong }))).toEqual({
        because: 'seq',
        holders: [first],
        streamId: streamNamed('a'),
        expectedSeq: wrong,
      });
    }
    expect(buffer.hold(held({ a: 5 }))).toBeNull();
    expect(buffer.hold(held({ a: 6, b: 0 }))).toBeNull();
    expect(buffer.hold(held({ b: 0 }))).toMatchObject({ because: 'seq' });
  });

  it('keeps the rule while the first is on its way', () => {
    const buffer = new AppendBuffer();
    buffer.hold(held({ a: 4 }));
    buffer.take(MANY);
    expect(buffer.hold(held({ a: 4 }))).toMatchObject({ because: 'seq' });
    expect(buffer.hold(held({ a: 5 }))).toBeNull();
  });

  it('holds a command key once, on whatever stream, until its fate is known', () => {
    const buffer = new AppendBuffer();
    const first = held({ a: 4 }, { commandId: 'k' });
    buffer.hold(first);
    expect(buffer.hold(held({ b: 0 }, { commandId: 'k' }))).toEqual({ because: 'command', holder: first });
    expect(buffer.hold(held({ a: 4 }, { commandId: 'k' }))).toEqual({ because: 'command', holder: first });
    buffer.release(first);
    expect(buffer.hold(held({ b: 0 }, { commandId: 'k' }))).toBeNull();
  });

  it('frees the stream when the last unit is released', () => {
    const buffer = new AppendBuffer();
    const [first, second] = [held({ a: 4 }), held({ a: 5 })];
    buffer.hold(first);
    buffer.hold(second);
    buffer.release(first);
    expect(buffer.hold(held({ a: 9 }))).toMatchObject({ because: 'seq', holders: [second] });
    buffer.release(second);
    expect(buffer.hold(held({ a: 9 }))).toBeNull();
    expect([buffer.heldCount, buffer.waitingBytes > 0]).toEqual([1, true]);
  });
});

describe('taking', () => {
  it('gives the units in order, as many as fit, one at least', () => {
    const units = [held({ a: 1 }), held({ b: 1 }), held({ c: 1 })];
    const buffer = bufferOf(...units);
    expect(buffer.take(units[0]!.bytes + units[1]!.bytes)).toEqual(units.slice(0, 2));
    expect(buffer.take(1)).toEqual(units.slice(2));
    expect(buffer.take(1)).toEqual([]);
    expect(buffer.waitingBytes).toBe(0);
  });

  it('puts what follows a unit behind it in the same flush', () => {
    const units = [held({ a: 1 }), held({ a: 2 }), held({ a: 3 })];
    expect(bufferOf(...units).take(MANY)).toEqual(units);
  });

  it('leaves a stream that is on its way alone, and all that waits behind it', () => {
    const [first, second, third, fourth] = [
      held({ a: 1 }),
      held({ a: 2, b: 1 }),
      held({ b: 2 }),
      held({ c: 1 }),
    ];
    const buffer = bufferOf(first);
    expect(buffer.take(MANY)).toEqual([first]);
    for (const unit of [second, third, fourth]) buffer.hold(unit);
    expect(buffer.take(MANY)).toEqual([fourth]);
    buffer.release(first);
    buffer.landed([first]);
    expect(buffer.take(MANY)).toEqual([second, third]);
  });

  it('puts no two turns of a stream in one flush', () => {
    const close = held({ a: 1 }, { closeTurn: turnOn('a') });
    const open = held({ a: 2 }, { openTurn: turnOn('a') });
    const behind = held({ a: 3 });
    const other = held({ b: 1 }, { openTurn: turnOn('b') });
    expect(bufferOf(close, open, behind, other).take(MANY)).toEqual([close, other]);
  });
});

describe('followers', () => {
  it('are the later units on the same streams, and on theirs', () => {
    const [first, second, third, apart, fourth] = [
      held({ a: 1 }),
      held({ a: 2, b: 1 }),
      held({ b: 2, c: 1 }),
      held({ d: 1 }),
      held({ c: 2 }),
    ];
    const buffer = new AppendBuffer();
    for (const unit of [first, second, third, apart, fourth]) buffer.hold(unit);
    expect(buffer.followers(first)).toEqual([second, third, fourth]);
    expect(buffer.followers(third)).toEqual([fourth]);
    expect(buffer.followers(apart)).toEqual([]);
  });
});
