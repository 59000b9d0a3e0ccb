/** What is copied into a page or a terminal to send a first log, for this very service. */
import type { TrackingAddress } from '../../../src/api/tracking.js';

export interface SnippetTarget {
  /** Without a slash at the end, as pages reach it. */
  readonly base: string;
  /** Empty where the host says it already. */
  readonly projectParameter: string;
  readonly project: string;
  readonly logstore: string;
}

export interface Snippet {
  readonly name: 'sdk' | 'fetch' | 'img' | 'curl';
  readonly text: string;
}

/** `hostname` is how the console itself was reached: pages that run beside it reach the service by the same name. */
export function snippetTarget(
  address: TrackingAddress,
  hostname: string,
  project: string,
  logstore: string,
): SnippetTarget {
  const { scheme, port, endpoints, domains, defaultProject } = address;
  const usual = scheme === 'https' ? 443 : 80;
  const ending = port === usual ? '' : `:${port}`;
  const [endpoint] = endpoints;
  const isNamed = /[a-z]/i.test(hostname) && hostname !== 'localhost' && !hostname.includes(':');
  const named = domains.find((domain) => domain.project === project)?.host ?? (endpoint && `${project}.${endpoint}`);
  if (named !== undefined && isNamed) {
    return { base: `${scheme}://${named}${ending}`, projectParameter: '', project, logstore };
  }
  const projectParameter = project === defaultProject ? '' : `&project=${project}`;
  return { base: `${scheme}://${hostname}${ending}`, projectParameter, project, logstore };
}

export function writeSnippets({ base, projectParameter, project, logstore }: SnippetTarget): Snippet[] {
  const query = `?APIVersion=0.6.0${projectParameter}`;
  const track = `${base}/logstores/${logstore}/track`;
  return [
    {
      name: 'curl',
      text: `curl '${track}${query}&event=hello'`,
    },
    {
      name: 'fetch',
      text: `navigator.sendBeacon('${track}${query}',
  JSON.stringify({ __logs__: [{ event: 'buy', price: '99' }] }))`,
    },
    {
      name: 'img',
      text: `<img src="${track}_ua.gif${query.replaceAll('&', '&amp;')}&amp;event=open" hidden>`,
    },
    {
      name: 'sdk',
      text: `import SlsTracker from '@aliyun-sls/web-track-browser';

new SlsTracker({
  host: '${base}',
  project: '${project}',
  logstore: '${logstore}',
}).send({ event: 'view', path: location.pathname });`,
    },
  ];
}
