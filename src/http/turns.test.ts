// Goal: dear work that comes all at once is spread over turns of the event loop, in order, and others run in between.
import { expect, test } from 'vitest';
import { Turns } from './turns.js';

const TURN = 'turn';

/** Does all work at once, `workMs` each by a clock that only work moves, and notes where a turn of the event loop ended. */
async function spread(count: number, workMs: number): Promise<(number | string)[]> {
  let nowMs = 0;
  const turns = new Turns({ wallMs: () => nowMs, monotonicMs: () => nowMs });
  const events: (number | string)[] = [];
  let remaining = count;
  const noteTurn = () => {
    events.push(TURN);
    if (remaining > 0) setImmediate(noteTurn);
  };
  setImmediate(noteTurn);
  await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      if (turns.isOver) await turns.next();
      nowMs += workMs;
      events.push(i);
      remaining--;
    }),
  );
  return events;
}

test('what is cheap is done at once', async () => {
  expect(await spread(5, 1)).toEqual([0, 1, 2, 3, 4]);
});

test('what is dear is done one by one', async () => {
  expect(await spread(3, 50)).toEqual([0, TURN, 1, TURN, 2]);
});

test('as much as fits in a turn is done in it, first come, first served', async () => {
  const events = await spread(40, 3);
  expect(events.filter((event) => event !== TURN)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  const perTurn = events
    .join(' ')
    .split(TURN)
    .map((turn) => turn.trim().split(' ').length);
  expect(Math.max(...perTurn)).toBe(4);
  expect(perTurn).toHaveLength(10);
});
