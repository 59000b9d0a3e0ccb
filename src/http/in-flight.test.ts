// Goal: what is promised to requests never exceeds the limit, and nobody holds room that others need without using it.
import { expect, test } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.js';
import { InFlight } from './in-flight.js';

function open() {
  const clock = new ManualClock();
  const inFlight = new InFlight(100_000, clock);
  const given: string[] = [];
  return {
    clock,
    inFlight,
    given,
    /** Announces a body; of which `received` tells how much has come. */
    announce(name: string, bytes: number, received: () => number) {
      expect(inFlight.take(bytes)).toBe(true);
      const arrival = {
        startedMs: clock.monotonicMs(),
        get bytes() {
          return received();
        },
        giveUp() {
          given.push(name);
          inFlight.end(arrival);
          inFlight.giveBack(bytes);
        },
      };
      inFlight.begin(arrival);
      return arrival;
    },
  };
}

test('a silent body gives way as soon as another needs its room, and not before', () => {
  const { inFlight, announce, clock, given } = open();
  announce('silent', 60_000, () => 0);
  clock.turn(60_000);
  expect(inFlight.take(40_000)).toBe(true);
  expect(given).toEqual([]);
  expect(inFlight.take(60_000)).toBe(true);
  expect(given).toEqual(['silent']);
  expect(inFlight.bytes).toBe(100_000);
});

test('one that has just begun, or comes at a fair pace, keeps its room', () => {
  const { inFlight, announce, clock, given } = open();
  announce('fair', 50_000, () => 45_000);
  clock.turn(2500);
  announce('new', 50_000, () => 0);
  clock.turn(900);
  expect(inFlight.take(1)).toBe(false);
  clock.turn(200);
  expect(inFlight.take(1)).toBe(true);
  expect(given).toEqual(['new']);
});

test('one that is complete is no arrival any more', () => {
  const { inFlight, announce, clock, given } = open();
  inFlight.end(announce('complete', 100_000, () => 0));
  clock.turn(60_000);
  expect(inFlight.take(1)).toBe(false);
  expect(given).toEqual([]);
});
