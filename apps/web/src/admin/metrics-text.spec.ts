import { parseMetrics, sumOf } from './metrics-text.js';

const text = `# HELP chatlog_turns_total Turns that ended, by how
# TYPE chatlog_turns_total counter
chatlog_turns_total{outcome="completed"} 4
chatlog_turns_total{outcome="failed"} 1
chatlog_events_total{type="a \\"quoted\\", name\\n"} 7
chatlog_turns_running 0
chatlog_seconds_bucket{le="+Inf",route="/api/:id"} 1e3
nonsense
broken{ 1`;

it('reads names, labels and values', () => {
  const samples = parseMetrics(text);
  expect(samples).toHaveLength(5);
  expect(samples[2]).toEqual({
    name: 'chatlog_events_total',
    labels: { type: 'a "quoted", name\n' },
    value: 7,
  });
  expect(samples[4]).toEqual({
    name: 'chatlog_seconds_bucket',
    labels: { le: '+Inf', route: '/api/:id' },
    value: 1_000,
  });
});

it('adds up what has the labels', () => {
  const samples = parseMetrics(text);
  expect(sumOf(samples, 'chatlog_turns_total')).toBe(5);
  expect(sumOf(samples, 'chatlog_turns_total', { outcome: 'failed' })).toBe(1);
  expect(sumOf(samples, 'absent')).toBe(0);
});
