import { metrics } from './metrics.js';
import { MetricSources } from './metric-sources.js';
import { registry } from './registry.js';

const sources = () => new MetricSources({ release: '1.2.3', role: 'api' });

afterEach(() => {
  jest.useRealTimers();
  registry.resetMetrics();
});

it('tells what was counted here, by a name of ours', async () => {
  metrics.turns.inc({ outcome: 'completed' });
  const { contentType, text } = await sources().page();
  expect(contentType).toContain('text/plain');
  expect(text).toContain('chatlog_turns_total{outcome="completed"} 1');
  expect(text).toContain('chatlog_build_info{release="1.2.3",role="api"} 1');
  expect(text).toContain('process_cpu_seconds_total');
  // a backup of 1970 would be the oldest of all
  expect(text).not.toMatch(/^chatlog_backup_last_success/m);
});

it('looks figures up, and not again for 5 s, however many scrape', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
  const all = sources();
  let reads = 0;
  all.add({
    part: 'projections',
    read: async () => metrics.lagEvents.set({ projection: 'p' }, (reads += 1)),
    forget: () => metrics.lagEvents.reset(),
  });
  const pages = await Promise.all([all.page(), all.page()]);
  for (const { text } of pages) expect(text).toContain('chatlog_projection_lag_events{projection="p"} 1');
  await jest.advanceTimersByTimeAsync(4_900);
  await all.page();
  expect(reads).toBe(1);
  await jest.advanceTimersByTimeAsync(200);
  expect((await all.page()).text).toContain('chatlog_projection_lag_events{projection="p"} 2');
});

it('says so when a part fails, and tells none of its old figures', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
  const all = sources();
  let away = false;
  all.add({
    part: 'database',
    read: async () => {
      if (away) throw new Error('away');
      metrics.poolWaiting.set(3);
      metrics.lagSeconds.set({ projection: 'p' }, 3);
    },
    forget: () => metrics.lagSeconds.reset(),
  });
  expect((await all.page()).text).toContain('chatlog_up{part="database"} 1');
  away = true;
  await jest.advanceTimersByTimeAsync(6_000);
  const { text } = await all.page();
  expect(text).toContain('chatlog_up{part="database"} 0');
  expect(text).not.toContain('chatlog_projection_lag_seconds{');
});

it('answers while a part hangs, without asking it twice', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
  const all = sources();
  let reads = 0;
  all.add({ part: 'queue', read: () => new Promise(() => (reads += 1)), forget: () => undefined });
  const first = all.page();
  await jest.advanceTimersByTimeAsync(2_000);
  expect((await first).text).toContain('chatlog_up{part="queue"} 0');
  const second = all.page();
  await jest.advanceTimersByTimeAsync(2_000);
  await second;
  expect(reads).toBe(1);
});
