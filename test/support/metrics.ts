/** What a running service says of itself. */
import type { Service } from './service.js';

/** The sum over all labels of a metric; throws if there is none of this name. */
export async function readMetric({ adminUrl }: Service, name: string): Promise<number> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  const values = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))];
  if (values.length === 0) throw new Error(`no metric ${name} in:\n${text.slice(0, 1000)}`);
  return values.reduce((sum, [, value]) => sum + Number(value), 0);
}
