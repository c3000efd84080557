import { setTimeout as pause } from 'node:timers/promises';
import { words } from '../../apps/web/src/words/words.js';
import { startCuttingProxy } from '../support/cutting-proxy.js';
import { createPrng } from '../support/prng.js';
import { startServer } from '../support/server.js';
import { until } from '../support/until.js';
import { expect, test } from './support/chat-test.js';
import { EndlessAnswer } from './support/endless-answer.js';
import { ServedChat } from './support/served-chat.js';
import type { Recording } from './support/shown-chat.js';
import { WatchedChat } from './support/watched-chat.js';

/** A trace of so many reloads is larger than what it tells; a failure names the event and the row. */
test.use({ trace: 'off' });

const REFRESHES = Number(process.env.CHATLOG_TEST_REFRESHES ?? 50);

test('a refresh at any moment of an answer: the page after it is the page before it, and goes on', async ({
  page,
  server,
}) => {
  test.setTimeout(240_000);
  const chance = createPrng('refreshes');
  const answer = new EndlessAnswer();
  server.script = answer.script;
  const oracle = await WatchedChat.ask(server.api, 'Tell me a long story.');
  const chat = await WatchedChat.open(page, oracle);
  const recordings: Recording[] = [];
  let [exact, waits] = [0, 0];
  for (let refresh = 1; refresh <= REFRESHES; refresh += 1) {
    await pause(chance.between(0, 700));
    if (!(await oracle.isRunning())) await WatchedChat.askNext(server.api, oracle, 'And then?');
    // every other time the model falls silent, so that both sides can be compared at the very same event
    const isHeld = chance.next() < 0.5;
    let before = '';
    if (isHeld) {
      answer.hold();
      await chat.upToDate();
      before = await chat.visible();
      exact += 1;
    }
    recordings.push(await chat.recording());
    const from = Date.now();
    await page.reload({ waitUntil: 'commit' });
    await chat.painted();
    waits += Date.now() - from;
    if (isHeld) {
      await chat.upToDate();
      expect(await chat.visible(), `after refresh ${refresh}`).toBe(before);
      answer.goOn();
    }
  }
  answer.finish();
  await until(async () => !(await oracle.isRunning()));
  await chat.upToDate();
  recordings.push(await chat.recording());

  let frames = 0;
  for (const recording of recordings) frames += await chat.check(recording);
  const painted = recordings.reduce((sum, recording) => sum + recording.frames.length, 0);
  const seqs = recordings.map(({ frames }) => [frames[0]?.seq ?? 0, frames.at(-1)?.seq ?? 0] as const);
  const behind = seqs.filter(([first], index) => index > 0 && first < (seqs[index - 1]?.[1] ?? 0));
  process.stderr.write(
    `${REFRESHES} refreshes over ${await oracle.head()} events: ${exact} compared to the letter at one event, ` +
      `${frames} of ${painted} painted states against the log, ${behind.length} began behind the page before, ` +
      `${Math.round(waits / REFRESHES)} ms to the first words\n`,
  );
  expect(behind, 'what a page paints first is what was seen last').toEqual([]);
  expect(frames).toBeGreaterThan(REFRESHES);
});

test('the server is killed in the middle of an answer: what had come stays, says that it was cut off, and another try goes on', async ({
  page,
  server,
}) => {
  test.setTimeout(180_000);
  const chance = createPrng('a killed server');
  const answer = new EndlessAnswer();
  server.script = answer.script;
  const oracle = await WatchedChat.ask(server.api, 'Tell me a story that is cut off.');
  const chat = await WatchedChat.open(page, oracle);
  await pause(chance.between(1_500, 4_000));

  await server.kill9();
  const kept = (await chat.shown())?.rows ?? [];
  await expect(page.locator('[data-connection=waiting], [data-connection=connecting]')).toBeVisible();
  await pause(chance.between(200, 2_000));
  expect((await chat.shown())?.rows, 'nothing goes while the server is away').toEqual(kept);
  await server.up();
  await until(async () => !(await oracle.isRunning()));
  await chat.upToDate();
  await expect(page.locator('[data-status=interrupted]')).toHaveCount(1);

  await page.getByRole('button', { name: words.chat.retry }).click();
  await until(() => oracle.isRunning());
  await pause(1_000);
  answer.finish();
  await until(async () => !(await oracle.isRunning()));
  await chat.upToDate();
  await expect(page.locator('[data-role=assistant]').last()).toHaveAttribute('data-status', 'complete');
  const checked = await chat.check(await chat.recording(), 40);
  process.stderr.write(`a killed server: ${checked} painted states against the log\n`);
});

test('only what serves the page is killed, three times: the turn goes on elsewhere, and the page with it', async ({
  page,
}) => {
  test.setTimeout(240_000);
  const chance = createPrng('a killed API');
  const answer = new EndlessAnswer();
  const api = await ServedChat.start({ CHATLOG_ROLE: 'api' });
  api.script = answer.script;
  const worker = await startServer({
    role: 'worker',
    env: { ...api.mode.env, ANTHROPIC_BASE_URL: api.scripted.url },
  });
  try {
    const oracle = await WatchedChat.ask(api.api, 'Tell me a story that is not cut off.');
    const chat = await WatchedChat.open(page, oracle, api.url);
    const recordings: Recording[] = [];
    for (let kill = 1; kill <= 3; kill += 1) {
      await pause(chance.between(500, 2_000));
      const head = await oracle.head();
      await api.kill9();
      await pause(chance.between(300, 1_500));
      // a start may take long: the story must not end meanwhile
      answer.hold();
      await api.up();
      expect(await oracle.isRunning(), 'the turn runs in the worker').toBe(true);
      expect(await oracle.head()).toBeGreaterThan(head);
      await chat.upToDate();
      const before = await chat.visible();
      recordings.push(await chat.recording());
      await page.reload({ waitUntil: 'commit' });
      await chat.painted();
      await chat.upToDate();
      expect(await chat.visible(), `after kill ${kill}`).toBe(before);
      answer.goOn();
    }
    answer.finish();
    await until(async () => !(await oracle.isRunning()));
    await chat.upToDate();
    await expect(page.locator('[data-role=assistant]').last()).toHaveAttribute('data-status', 'complete');
    let checked = 0;
    for (const recording of [...recordings, await chat.recording()])
      checked += await chat.check(recording, 20);
    process.stderr.write(`a killed API: 3 kills, ${checked} painted states against the log\n`);
  } finally {
    await worker.stop();
    await api.stop();
  }
});

test('the network goes and comes back: the page misses nothing, and what was written meanwhile is sent once', async ({
  page,
  context,
  server,
}) => {
  test.setTimeout(120_000);
  const chance = createPrng('a network that goes');
  const answer = new EndlessAnswer();
  server.script = answer.script;
  const oracle = await WatchedChat.ask(server.api, 'Tell me a story on a train.');
  // a browser that is told that it is offline keeps the connections that it has: a network that goes does not
  const network = await startCuttingProxy(server.url, () => Infinity);
  const chat = await WatchedChat.open(page, oracle, network.url);
  const goOffline = async () => {
    await context.setOffline(true);
    network.cut();
  };
  let behind = 0;
  for (let tunnel = 1; tunnel <= 3; tunnel += 1) {
    await pause(chance.between(300, 1_000));
    await goOffline();
    await pause(chance.between(1_000, 3_000));
    behind += (await oracle.head()) - ((await chat.shown())?.seq ?? 0);
    await context.setOffline(false);
    answer.hold();
    await chat.upToDate();
    answer.goOn();
  }
  answer.finish();
  await until(async () => !(await oracle.isRunning()));
  await chat.upToDate();

  await goOffline();
  const field = page.getByRole('textbox', { name: words.chat.compose });
  await field.fill('Sent from a tunnel');
  await field.press('Enter');
  await expect(page.locator('[data-outbox]')).toContainText('Sent from a tunnel');
  await expect(page.locator('[data-outbox=waiting]')).toBeVisible();
  await context.setOffline(false);
  await expect(page.locator('[data-outbox]')).toHaveCount(0, { timeout: 20_000 });
  await until(async () => !(await oracle.isRunning()));
  await chat.upToDate();
  await expect(page.locator('[data-role=user]', { hasText: 'Sent from a tunnel' })).toHaveCount(1);
  const recording = await chat.recording();
  const checked = await chat.check(recording, 40);
  await network.close();
  expect(behind, 'the log went on without the page').toBeGreaterThan(0);
  expect(recording.statuses).toContain('offline');
  process.stderr.write(
    `a network that goes: ${behind} events behind in 3 tunnels, ${checked} painted states against the log, ` +
      `connection: ${recording.statuses.join(' ')}\n`,
  );
});
