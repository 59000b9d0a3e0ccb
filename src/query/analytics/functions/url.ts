/** Parts of URLs. One that is not there, or cannot be, is NULL. */
import type { FunctionRow } from './row.js';

/** Scheme and what stands before the host. */
const BEFORE_HOST = '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?';
const HOST = '(\\\\[[^\\\\]]*\\\\]|[^/?#:]*)';

function part(sql: string): string {
  return `nullIf(${sql}, '')`;
}

export const URLS: readonly FunctionRow[] = [
  {
    form: 'url_extract_protocol(varchar): varchar',
    doc: 'The scheme',
    example: ["url_extract_protocol('https://shop.example.com/')", 'https'],
    kind: 'scalar',
    sql: (url) => part(`protocol(${url})`),
  },
  {
    form: 'url_extract_host(varchar): varchar',
    doc: 'The host, without user and port',
    example: ["url_extract_host('https://u@shop.example.com:8443/cart')", 'shop.example.com'],
    kind: 'scalar',
    sql: (url) => part(`extract(${url}, '${BEFORE_HOST}${HOST}')`),
  },
  {
    form: 'url_extract_port(varchar): bigint',
    doc: 'The port, if there is one',
    example: ["url_extract_port('https://shop.example.com:8443/cart')", '8443'],
    kind: 'scalar',
    sql: (url) => `toInt64OrNull(extract(${url}, '${BEFORE_HOST}${HOST.replace('(', '(?:')}:([0-9]{1,5})'))`,
  },
  {
    form: 'url_extract_path(varchar): varchar',
    doc: 'The path',
    example: ["url_extract_path('https://shop.example.com/a/b?x=1#top')", '/a/b'],
    kind: 'scalar',
    sql: (url) => `path(${url})`,
  },
  {
    form: 'url_extract_query(varchar): varchar',
    doc: 'What stands behind the question mark',
    example: ["url_extract_query('/a?x=1&y=2#top')", 'x=1&y=2'],
    kind: 'scalar',
    sql: (url) => part(`queryString(${url})`),
  },
  {
    form: 'url_extract_parameter(varchar, constant varchar): varchar',
    doc: 'One of its parameters, decoded',
    example: ["url_extract_parameter('/a?utm_source=news%20letter', 'utm_source')", 'news letter'],
    kind: 'scalar',
    sql: (url, name) =>
      `if(has(extractURLParameterNames(${url}), ${name}), decodeURLFormComponent(extractURLParameter(${url}, ${name})), NULL)`,
  },
  {
    form: 'url_extract_fragment(varchar): varchar',
    doc: 'What stands behind the #',
    example: ["url_extract_fragment('/a#top')", 'top'],
    kind: 'scalar',
    sql: (url) => part(`fragment(${url})`),
  },
  {
    form: 'url_encode(varchar): varchar',
    doc: 'Fit to stand in a URL',
    example: ["url_encode('a b/支')", 'a%20b%2F%E6%94%AF'],
    kind: 'scalar',
    sql: (text) => `encodeURLComponent(${text})`,
  },
  {
    form: 'url_decode(varchar): varchar',
    doc: 'And back',
    example: ["url_decode('a+b%2F%E6%94%AF')", 'a b/支'],
    kind: 'scalar',
    sql: (text) => `decodeURLFormComponent(${text})`,
  },
];
