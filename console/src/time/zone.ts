/** A time zone: what its clocks show at an instant, and at which instant they show something. */

export interface Zone {
  /** `UTC`, or a name of the IANA database. */
  readonly name: string;
  /** How far its clocks are ahead of UTC, in milliseconds. */
  offsetMs(instantMs: number): number;
}

/** What a clock shows. The month counts from 1. */
export interface ClockTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
  readonly ms?: number;
}

export const UTC: Zone = { name: 'UTC', offsetMs: () => 0 };

/** UTC if the browser does not know the name. */
export function openZone(name: string): Zone {
  if (name === 'UTC') return UTC;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return UTC;
  }
  /** Clocks are only set at a full quarter of an hour, so that the logs of one need one question. */
  const known = { quarter: Number.NaN, offsetMs: 0 };
  return {
    name,
    offsetMs(instantMs) {
      const quarter = Math.floor(instantMs / QUARTER_MS);
      if (quarter !== known.quarter) {
        known.offsetMs = askOffset(format, quarter * QUARTER_MS);
        known.quarter = quarter;
      }
      return known.offsetMs;
    },
  };
}

const QUARTER_MS = 15 * 60_000;

function askOffset(format: Intl.DateTimeFormat, instantMs: number): number {
  const parts = new Map(format.formatToParts(instantMs).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return shown - instantMs;
}

/** When the zone's clocks show `time`. Of a time that they skip or show twice, the instant by the offset before. */
export function instantOf(zone: Zone, time: ClockTime): number {
  const { year, month, day, hour = 0, minute = 0, second = 0, ms = 0 } = time;
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  const guess = asUtc - zone.offsetMs(asUtc);
  return asUtc - zone.offsetMs(guess);
}

/** Names that the browser knows, UTC first. */
export function zoneNames(): string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC')];
}

export function browserZoneName(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
