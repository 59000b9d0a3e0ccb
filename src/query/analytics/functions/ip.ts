/**
 * Where an address is. Without a database of places there is one thing to know: whether it is of a private network. Such
 * an address is `intranet` everywhere, and any other is an empty text.
 */
import type { FunctionRow } from './row.js';

/** First and last address. */
const PRIVATE: readonly (readonly [number, number])[] = [
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.0', '127.255.255.255'],
  ['169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.168.0.0', '192.168.255.255'],
].map(([first = '', last = '']) => [asNumber(first), asNumber(last)]);

function asNumber(address: string): number {
  return address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
}

/** A number, 0 for what is no address. */
function isPrivate(ip: string): string {
  const number = `toUInt32(toIPv4OrDefault(${ip}))`;
  const ranges = PRIVATE.map(([first, last]) => `(${number} BETWEEN ${first} AND ${last})`);
  return `(${ranges.join(' OR ')} OR match(lower(${ip}), '^(::1$|f[cd]|fe[89ab])'))`;
}

const PLACES = [
  ['country', 'country'],
  ['country_code', "country's code"],
  ['province', 'province'],
  ['city', 'city'],
  ['provider', 'network operator'],
  ['geo', 'latitude and longitude'],
  ['city_geo', "city's latitude and longitude"],
] as const;

export const IPS: readonly FunctionRow[] = [
  ...PLACES.map(
    ([name, what]): FunctionRow => ({
      form: `ip_to_${name}(varchar): varchar`,
      doc: `The ${what}: \`intranet\` for a private address, and empty for any other, as there is no database of places`,
      example: [`ip_to_${name}('192.168.0.1')`, 'intranet'],
      kind: 'scalar',
      sql: (ip) => `if(isNull(${ip}), NULL, if(${isPrivate(ip)}, 'intranet', ''))`,
    }),
  ),
  {
    form: 'ip_to_domain(varchar): varchar',
    doc: '`intranet` or `internet`',
    example: ["ip_to_domain('8.8.8.8')", 'internet'],
    kind: 'scalar',
    sql: (ip) => `if(isNull(${ip}), NULL, if(${isPrivate(ip)}, 'intranet', 'internet'))`,
  },
];
