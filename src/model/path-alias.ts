/**
 * A path of the operator's own under which pages write to a logstore, such as `/collect` or `/a/b.gif`: what blocks
 * tracking knows the paths of log services.
 */

/** Of one logstore. */
export const PATH_ALIASES_MAX = 16;
/** In characters, all of them ASCII. */
const PATH_LENGTH_MAX = 200;

/** First segments of paths that are ours, or will be as SLS has them. */
const OURS: ReadonlySet<string> = new Set([
  ...['', 'api', 'console', 'healthz', 'readyz', 'metrics', 'openapi.json'],
  ...['logstores', 'logs', 'projects', 'domains', 'machinegroups', 'configs', 'dashboards', 'savedsearches', 'jobs'],
  ...['tickets', 'tags', 'untag', '__test__'],
]);

/** As it stands in a request: what browsers do not change on the way. */
const PATH = /^(?:\/[A-Za-z0-9._~!$&'()*+,;=:@-]+)+\/?$/;

/** What is wrong with a path as an alias, or null. */
export function pathAliasTrouble(path: string): string | null {
  if (path.length > PATH_LENGTH_MAX) return `is longer than ${PATH_LENGTH_MAX} characters`;
  if (!PATH.test(path)) {
    return "is no path such as /collect or /a/b.gif: it begins with / and has letters, digits and ._~!$&'()*+,;=:@- between single /";
  }
  const segments = path.slice(1).split('/');
  if (segments.some((segment) => segment === '.' || segment === '..')) return 'has a segment that browsers take away';
  return OURS.has(segments[0] ?? '') ? 'begins as paths of the service itself do' : null;
}
