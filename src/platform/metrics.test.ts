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
