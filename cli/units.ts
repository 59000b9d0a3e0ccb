/** Figures as people read them. */

const SIZES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Three digits or so: `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), SIZES.length - 1);
  const amount = bytes / 1024 ** power;
  return `${power === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${SIZES[power]}`;
}

/** Bytes of `500`, `64KiB` or `5MB`; undefined if it is no size. */
export function parseBytes(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,12}(?:\.\d{1,3})?) ?([A-Za-z]*)$/.exec(text) ?? [];
  const power = ['', 'K', 'M', 'G', 'T'].indexOf(unit.replace(/i?B$/, ''));
  return digits === undefined || power === -1
    ? undefined
    : Number(digits) * (unit.includes('i') ? 1024 : 1000) ** power;
}

/** The two largest units: `3 h 12 min`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.floor(seconds);
  const parts = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ] as const;
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first === -1) return '0 s';
  const shown = parts.slice(first, first + 2).filter(([amount]) => amount > 0);
  return shown.map(([amount, unit]) => `${amount} ${unit}`).join(' ');
}

/** UTC, to the second: `2026-11-22 14:59:45`. */
export function formatTime(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}
