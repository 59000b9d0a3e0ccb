// Goal: whenever the machine loses power and whatever the disk refuses before, every command that was confirmed is still
// in force afterwards, of the others at most the last, and no id is taken twice.
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Random } from '../../test/support/random.js';
import { type Outcome, SimulatedDisk } from '../../test/support/simulated-disk.js';
import { systemClock } from '../platform/clock.js';
import type { CatalogEvent } from './catalog.js';
import { type Catalog, openCatalog } from './writer.js';

const silent = pino({ level: 'silent' });
const firstKey = { id: 'LBtest', secret: 'a-secret-for-tests' };
const project = 'default';

const RUNS = 300;
const CRASHES_PER_RUN = 5;

/** Logstores by name, each with its id. */
type Names = ReadonlyMap<string, number>;

test(`${RUNS} random lives, each cut off ${CRASHES_PER_RUN} times`, async () => {
  let confirmed = 0;
  for (let seed = 1; seed <= RUNS; seed++) confirmed += await live(seed);
  expect(confirmed).toBeGreaterThan(RUNS * CRASHES_PER_RUN);
});

/** Returns how many commands were confirmed. */
async function live(seed: number): Promise<number> {
  const random = new Random(seed);
  let disk = new SimulatedDisk(random);
  /** What was confirmed, and what it may have become by one command that was not. */
  let names: Names = new Map([['web', 1]]);
  let possible: Names[] = [names];
  const idsTaken = new Map<number, string>([[1, 'web']]);
  let confirmed = 0;
  let serial = 0;

  for (let crash = 0; crash < CRASHES_PER_RUN; crash++) {
    const opened = await openCatalog({ dir: '/data', disk, clock: systemClock, log: silent, firstKey });
    names = namesOf(opened);
    expect(possible.map(sorted), `seed ${seed}, after crash ${crash}`).toContainEqual(sorted(names));
    for (const [name, id] of names) {
      expect(idsTaken.get(id) ?? name, `seed ${seed}: id ${id}`).toBe(name);
      idsTaken.set(id, name);
    }
    expect(opened.view.accessKey(firstKey.id)?.secret).toBe(firstKey.secret);
    possible = [names];

    const crashes = sufferFrom(disk, random);
    for (let isUp = true; isUp; ) {
      const old = [...names.keys()];
      const name = random.chance(0.7) || old.length === 0 ? `store-${serial++}` : (old[random.below(old.length)] ?? '');
      const isNew = !names.has(name);
      const result = opened.execute(
        isNew
          ? { do: 'createLogstore', project, name, webTracking: true, ttlDays: 30, appendMeta: false }
          : { do: 'deleteLogstore', project, name },
      );
      const events = await Promise.race([crashes, result.catch(() => 'refused' as const)]);
      if (events === 'refused' || events === 'crash') {
        possible.push(...(isNew ? withNew(names, name, disk) : [without(names, name)]));
        isUp = events !== 'crash';
        continue;
      }
      names = namesOf(opened);
      for (const id of createdIds(events)) {
        expect(idsTaken.has(id), `seed ${seed}: id ${id} of ${name} is taken twice`).toBe(false);
        idsTaken.set(id, name);
      }
      possible = [names];
      confirmed += 1;
    }
    expect(disk.violations).toEqual([]);
    disk = random.chance(0.8) ? disk.powerCut() : disk.kill();
  }
  return confirmed;
}

/** From now on the disk fails now and then, and at some operation it never answers again: resolves then. */
function sufferFrom(disk: SimulatedDisk, random: Random): Promise<'crash'> {
  let left = random.between(0, 40);
  const failures = random.pick([0, 0.1, 0.3]);
  return new Promise((resolve) => {
    disk.fate = ({ kind }): Outcome | Promise<Outcome> => {
      if (left-- <= 0) {
        resolve('crash');
        return new Promise(() => {});
      }
      if (!random.chance(failures)) return 'done';
      return kind === 'write' ? random.pick(['EIO', 'ENOSPC', 'short']) : random.pick(['EIO', 'ENOSPC']);
    };
  });
}

/** A new logstore that was not confirmed may be there, with the id that the file gives it. */
function withNew(names: Names, name: string, disk: SimulatedDisk): Names[] {
  const files = disk.names('/data').filter((file) => file.startsWith('catalog.ndjson'));
  const text = files.map((file) => disk.content(`/data/${file}`).toString()).join('');
  const ids = [...text.matchAll(new RegExp(`"id":(\\d+),"project":"${project}","name":"${name}"`, 'g'))];
  return ids.map(([, id]) => new Map([...names, [name, Number(id)]]));
}

function without(names: Names, name: string): Names {
  return new Map([...names].filter(([other]) => other !== name));
}

function namesOf({ view }: Catalog): Names {
  return new Map(view.logstores(project).map(({ name, id }) => [name, id]));
}

function createdIds(events: readonly CatalogEvent[]): number[] {
  return events.flatMap((event) => (event.event === 'logstore' ? [event.logstore.id] : []));
}

function sorted(names: Names): (readonly [string, number])[] {
  return [...names].sort(([, a], [, b]) => a - b);
}
