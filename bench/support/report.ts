/** Results as a page: where, when and how they came about, and tables. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import * as path from 'node:path';

const RESULTS = path.resolve(import.meta.dirname, '../../../bench/results');

export class Report {
  readonly #name: string;
  readonly #lines: string[] = [];

  /** Made before the run, as it notes how busy the machine is. `name` becomes the file `bench/results/<name>.md`. */
  constructor(name: string, title: string) {
    this.#name = name;
    const [first] = cpus();
    this.#lines.push(
      `# ${title}`,
      '',
      `- command: \`node dist/bench/${path.basename(process.argv[1] ?? '')} ${process.argv.slice(2).join(' ')}\``,
      `- commit: ${commit()}`,
      `- date: ${new Date().toISOString().slice(0, 10)}`,
      `- machine: ${cpus().length} x ${first?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB; Node ${process.version}`,
      `- load average before the run: ${loadavg()[0]?.toFixed(1)}`,
      '',
    );
  }

  say(text: string): void {
    process.stdout.write(`${text}\n`);
    this.#lines.push(text);
  }

  table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
    this.say(['', `| ${header.join(' | ')} |`, `|${header.map(() => '---|').join('')}`].join('\n'));
    for (const row of rows) this.say(`| ${row.join(' | ')} |`);
    this.say('');
  }

  write(): void {
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(path.join(RESULTS, `${this.#name}.md`), `${this.#lines.join('\n').trimEnd()}\n`);
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Of sorted values. */
export function percentile(sorted: Float64Array, part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

function commit(): string {
  try {
    const hash = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
    const isDirty = execFileSync('git', ['status', '--porcelain', 'src'], { encoding: 'utf8' }) !== '';
    return isDirty ? `${hash}, with changes` : hash;
  } catch {
    return 'unknown';
  }
}
