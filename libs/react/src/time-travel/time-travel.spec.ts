import { deferred, type Deferred } from '../../../../test/support/deferred.js';
import { LogMoments } from '../../../../test/support/log-moments.js';
import { momentFromAll } from '../../../../test/support/moment-oracle.js';
import { Story } from '../../../../test/support/story.js';
import { until } from '../../../../test/support/until.js';
import type { TimeTravelClock } from './time-travel-clock.js';
import { TimeTravel } from './time-travel.js';

/** A clock that stands until it is moved. */
class StillClock implements TimeTravelClock {
  private time = 0;
  private waiting: { at: number; call: () => void }[] = [];

  now = (): number => this.time;
  frame = (call: () => void): (() => void) => this.after(16, call);
  after = (ms: number, call: () => void): (() => void) => {
    const entry = { at: this.time + ms, call };
    this.waiting.push(entry);
    return () => void (this.waiting = this.waiting.filter((one) => one !== entry));
  };

  move(ms: number): void {
    this.time += ms;
    const due = this.waiting.filter(({ at }) => at <= this.time);
    this.waiting = this.waiting.filter(({ at }) => at > this.time);
    for (const { call } of due) call();
  }
}

/** Answers wait until the test lets them go. */
class HeldMoments extends LogMoments {
  readonly held: { at: number; gate: Deferred<void> }[] = [];
  isHeld = true;
  private readonly answer = this.state;

  override state: LogMoments['state'] = async (at, request) => {
    if (this.isHeld) {
      const gate = deferred();
      this.held.push({ at, gate });
      await gate.promise;
    }
    return this.answer(at, request);
  };

  release(): void {
    this.isHeld = false;
    for (const { gate } of this.held.splice(0)) gate.resolve();
  }
}

function told(): Story {
  const story = new Story().start('A talk');
  for (let i = 0; i < 30; i += 1) story.post('user', `message ${i}`);
  return story;
}

async function opened(source: LogMoments, id: string) {
  const clock = new StillClock();
  const travel = new TimeTravel(source, { conversationId: id, clock });
  await travel.refresh();
  return { travel, clock };
}

describe('the slider of a conversation', () => {
  it('asks for one moment at a time, and the newest position wins', async () => {
    const { events, state } = told();
    const source = new HeldMoments(state.id, events);
    const { travel } = await opened(source, state.id);
    for (const seq of [5, 9, 20]) travel.goTo(seq);
    expect(source.held.map(({ at }) => at)).toEqual([5]);
    expect(travel.state).toMatchObject({ position: 20, view: null, isExact: false });
    const shown: (number | undefined)[] = [];
    travel.subscribe(() => shown.push(travel.state.view?.seq));
    source.release();
    await until(() => travel.state.isExact);
    expect(travel.state.view).toMatchObject(momentFromAll(state.id, events, 20));
    expect(shown).not.toContain(9);
    travel.stop();
  });

  it('drops an answer that comes when one is back at now', async () => {
    const { events, state } = told();
    const source = new HeldMoments(state.id, events);
    const { travel } = await opened(source, state.id);
    travel.goTo(5);
    travel.goTo(null);
    source.release();
    await until(() => travel.moments.peek(5) !== undefined);
    expect(travel.state).toMatchObject({ position: null, view: null, isExact: false });
    travel.stop();
  });

  it('needs no request for what lies around, once it has rested', async () => {
    const { events, state } = told();
    const source = new LogMoments(state.id, events);
    const { travel, clock } = await opened(source, state.id);
    travel.goTo(10);
    await until(() => travel.state.isExact);
    clock.move(120);
    await until(() => !travel.moments.isMissing(10));
    const { states } = source;
    for (const seq of [11, 12, 30, 2]) {
      travel.goTo(seq);
      expect([travel.state.view?.seq, travel.state.isExact]).toEqual([seq, true]);
    }
    expect(source.states).toBe(states);
    travel.stop();
  });

  it('tells of a failure, keeps what it shows, and asks again', async () => {
    const { events, state } = told();
    const source = new LogMoments(state.id, events);
    const { travel } = await opened(source, state.id);
    travel.goTo(5);
    await until(() => travel.state.isExact);
    source.failures = 1;
    travel.goTo(20);
    await until(() => travel.state.error !== null);
    expect(travel.state).toMatchObject({ position: 20, isExact: false, view: { seq: 5 } });
    travel.retry();
    await until(() => travel.state.isExact);
    expect(travel.state).toMatchObject({ error: null, view: { seq: 20 } });
    travel.stop();
  });

  it('stays within the track, and steps along it', async () => {
    const { events, state } = told();
    const { travel } = await opened(new LogMoments(state.id, events), state.id);
    travel.goTo(10_000);
    expect(travel.state.position).toBe(events.length);
    travel.step(-1);
    expect(travel.state.position).toBe(events.length - 1);
    travel.toMark(-1);
    expect(travel.state.position).toBe(events.length - 2);
    travel.step(-10_000);
    expect(travel.state.position).toBe(1);
    travel.toMark(-1);
    expect(travel.state.position).toBe(1);
    travel.stop();
  });

  it('plays by the recorded times to the end, and waits for what is not loaded', async () => {
    const { events, state } = told();
    const { travel, clock } = await opened(new LogMoments(state.id, events), state.id);
    travel.goTo(3);
    travel.play();
    expect(travel.state).toMatchObject({ playing: true, position: 3 });
    clock.move(16);
    expect(travel.state.position).toBe(3);
    await until(() => !travel.moments.isMissing(3));
    // an event a millisecond
    clock.move(5);
    clock.move(16);
    expect(travel.state.position).toBeGreaterThan(3);
    expect(travel.state.position).toBeLessThan(events.length);
    for (let i = 0; i < 10; i += 1) clock.move(16);
    expect(travel.state).toMatchObject({ playing: false, position: events.length });
    travel.stop();
  });

  it('lets the track grow with the log, at most once a second', async () => {
    const story = told();
    const source = new LogMoments(story.state.id, story.events);
    const { travel, clock } = await opened(source, story.state.id);
    const before = story.events.length;
    story.post('user', 'one more');
    for (let i = 0; i < 5; i += 1) travel.follow(before + 1);
    expect(travel.state.timeline?.seq).toBe(before);
    clock.move(1_000);
    await until(() => travel.state.timeline?.seq === before + 1);
    travel.stop();
  });

  it('loads the messages before, for the moment that is shown alone', async () => {
    const story = new Story().start('Long');
    for (let i = 0; i < 120; i += 1) story.post('user', `message ${i}`);
    const { events, state } = story;
    const { travel } = await opened(new LogMoments(state.id, events), state.id);
    travel.goTo(110);
    await until(() => travel.state.isExact);
    expect(travel.state.hasEarlier).toBe(true);
    await travel.loadEarlier();
    await travel.loadEarlier();
    const { earlier, view, hasEarlier } = travel.state;
    expect([...earlier, ...view!.messages]).toEqual(momentFromAll(state.id, events, 110).messages);
    expect(hasEarlier).toBe(false);
    travel.goTo(109);
    expect(travel.state.earlier).toEqual([]);
    travel.stop();
  });
});
