/** What a running service says of itself. */
import type { Service } from './service.js';

/** The sum of all values of a metric whose labels contain `label` (`status="200"`); throws if there is none of this name. */
export async function readMetric({ adminUrl }: Service, name: string, label = ''): Promise<number> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  const values = [...text.matchAll(new RegExp(`^${name}(\\{[^}]*\\})? (\\S+)$`, 'gm'))];
  if (values.length === 0) throw new Error(`no metric ${name} in:\n${text.slice(0, 1000)}`);
  return values.reduce((sum, [, labels = '', value]) => sum + (labels.includes(label) ? Number(value) : 0), 0);
}
