// Goal: docs/operating.md names exactly the metrics there are, each with its type.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { GAUGES, type GaugeName, Metrics } from './metrics.js';

const page = readFileSync(new URL('../../docs/operating.md', import.meta.url), 'utf8');
const documented = [...page.matchAll(/^\| `(logboom_\w+)` \| (\w+) \|/gm)].map(([, name, type]) => `${name} ${type}`);

test('the page has exactly the metrics of the code', async () => {
  const metrics = new Metrics();
  for (const name of Object.keys(GAUGES) as GaugeName[]) metrics.watch(name, () => 0);
  const all = await metrics.registry.getMetricsAsJSON();
  const ours = all.filter(({ name }) => name.startsWith('logboom_')).map(({ name, type }) => `${name} ${type}`);
  expect(documented.toSorted()).toEqual(ours.toSorted());
});

test('every metric that an alert of the page asks for exists', async () => {
  const alerts = [...page.matchAll(/^ +expr: (.+)$/gm)].map(([, expression = '']) => expression);
  const asked = alerts.flatMap((expression) => expression.match(/logboom_\w+/g) ?? []);
  const names = documented.map((metric) => metric.split(' ')[0]);
  expect(asked.length).toBeGreaterThan(5);
  expect(names).toEqual(expect.arrayContaining(asked.map((name) => name.replace(/_bucket$/, ''))));
});
