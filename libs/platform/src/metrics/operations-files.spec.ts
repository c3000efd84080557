import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../project-root.js';
import { MetricSources } from './metric-sources.js';
import { registry } from './registry.js';

const read = (name: string) => readFileSync(join(projectRoot(), 'docs', 'operations', name), 'utf8');
const dashboard = read('grafana-dashboard.json');
const alerts = read('alerts.yml');

/** Names as they stand in queries, without what a histogram adds to its own. */
function namesIn(text: string): string[] {
  const found = text.match(/\b(chatlog|nodejs|process)_[a-z_\d]+/g) ?? [];
  return [...new Set(found.map((name) => name.replace(/_(bucket|count|sum)$/, '')))];
}

function known(): Set<string> {
  return new Set(registry.getMetricsAsArray().map(({ name }) => name));
}

beforeAll(() => new MetricSources({ release: 'any', role: 'any' }));

it.each([
  ['the dashboard', dashboard],
  ['the alert rules', alerts],
])('%s asks only for metrics that there are', (_name, text) => {
  const names = namesIn(text);
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => !known().has(name))).toEqual([]);
});

it('shows every metric of ours on the dashboard', () => {
  const shown = new Set([...namesIn(dashboard), ...namesIn(alerts)]);
  const ours = [...known()].filter((name) => name.startsWith('chatlog_'));
  expect(ours.filter((name) => !shown.has(name))).toEqual([]);
});

it('tells what an alert counts from 0 on; the auditor does so when it starts', async () => {
  const alarming = new Set(namesIn(alerts));
  const counters = (await registry.getMetricsAsJSON()).filter(
    ({ name, type }) => alarming.has(name) && String(type) === 'counter',
  );
  expect(counters.length).toBeGreaterThan(2);
  const absent = counters.filter(({ values }) => values.length === 0).map(({ name }) => name);
  expect(absent).toEqual(['chatlog_audit_mismatches_total']);
});

it('tries every alert', () => {
  const tried = new Set([...read('alerts.test.yml').matchAll(/alertname="(\w+)"/g)].map(([, name]) => name));
  const names = [...alerts.matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
  expect(names.filter((name) => !tried.has(name))).toEqual([]);
});

it('names metrics as Prometheus does', async () => {
  for (const { name, type } of await registry.getMetricsAsJSON()) {
    if (!name.startsWith('chatlog_')) continue;
    expect(name).toMatch(/^chatlog_[a-z_]+[a-z]$/);
    expect([name, name.endsWith('_total')]).toEqual([name, String(type) === 'counter']);
  }
});

it('gives every alert a heading to look it up under', () => {
  const names = [...alerts.matchAll(/- alert: (\w+)/g)].map(([, name]) => name ?? '');
  const anchors = [...alerts.matchAll(/runbook: docs\/operations\.md#(\S+)/g)].map(([, anchor]) => anchor);
  expect(anchors).toEqual(names.map((name) => name.toLowerCase()));
  const headings =
    readFileSync(join(projectRoot(), 'docs', 'operations.md'), 'utf8').match(/^#+ .+$/gm) ?? [];
  const found = new Set(headings.map((heading) => heading.replace(/^#+ /, '').toLowerCase()));
  expect(anchors.filter((anchor) => !found.has(anchor ?? ''))).toEqual([]);
});
