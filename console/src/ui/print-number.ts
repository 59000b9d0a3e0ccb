/** Numbers as people read them: `12,345`, `3.2 MB`, `0.45 s`. The forms are the same in every language. */

export function printCount(count: number): string {
  return count.toLocaleString('en-US', { maximumFractionDigits: 2 });
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

export function printBytes(bytes: number): string {
  let [size, unit] = [bytes, 0];
  while (size >= 1000 && unit < UNITS.length - 1) [size, unit] = [size / 1000, unit + 1];
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${UNITS[unit]}`;
}

export function printDuration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : printSeconds(ms / 1000);
}

/** `45 s`, `2 h 5 m`, `3 d 4 h` */
export function printSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? Number(seconds.toFixed(1)) : Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${Math.floor(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} m` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** `61%`; a little is not nothing. */
export function printShare(share: number): string {
  return share > 0 && share < 0.01 ? '<1%' : `${Math.floor(share * 100)}%`;
}
