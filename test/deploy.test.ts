// Goal: every path, flag, variable, metric and link in the files for deployment is one that exists.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { GAUGES, type GaugeName, Metrics } from '../src/platform/metrics.js';

const ROOT = path.resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}
const rules: readonly AlertRule[] = parse(read('deploy/prometheus/alerts.yaml')).groups[0].rules;

/** Names of our metrics; those of a histogram have endings. */
async function metricNames(): Promise<ReadonlySet<string>> {
  const metrics = new Metrics();
  for (const name of Object.keys(GAUGES) as GaugeName[]) metrics.watch(name, () => 0);
  const all = await metrics.registry.getMetricsAsJSON();
  return new Set(all.flatMap(({ name }) => [name, `${name}_bucket`, `${name}_sum`, `${name}_count`]));
}

const namesIn = (text: string) => [...text.matchAll(/\blogboom_\w+/g)].map(([name]) => name);

describe('alert rules', () => {
  test.each(rules)('$alert asks for metrics that exist, and leads to its runbook', async ({ alert, ...rule }) => {
    const known = await metricNames();
    expect(namesIn(rule.expr).filter((name) => !known.has(name))).toEqual([]);
    expect(rule.annotations.runbook).toBe(`docs/runbooks.md#${alert.toLowerCase()}`);
    expect(read('docs/runbooks.md')).toContain(`\n## ${alert}\n`);
    expect(['page', 'ticket']).toContain(rule.labels.severity);
  });

  test('there is a runbook for each and no other', () => {
    const sections = [...read('docs/runbooks.md').matchAll(/^## (\w+)$/gm)].map(([, name]) => name);
    expect(sections.sort()).toEqual(rules.map(({ alert }) => alert).sort());
  });
});

test('the dashboard asks for metrics that exist', async () => {
  const known = await metricNames();
  const text = read('deploy/grafana/logboom.json');
  const { panels } = JSON.parse(text) as { panels: { id: number }[] };
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  expect(namesIn(text).filter((name) => !known.has(name))).toEqual([]);
});

test('the unit starts what exists, with settings that can be used', () => {
  const unit = read('deploy/systemd/logboom.service');
  const commands = [...unit.matchAll(/^Exec(?:Start|StartPre|Reload)=\/opt\/logboom\/(\S+) (.*)$/gm)];
  expect(commands).toHaveLength(3);
  for (const [, program = '', args = ''] of commands) {
    expect(existsSync(path.join(ROOT, program))).toBe(true);
    // The file is the operator's; an empty one stands for it.
    const settings = args
      .replace(/^(serve|config check) /, '')
      .replace('/etc/logboom.yaml', '/dev/null')
      .split(' ');
    execFileSync(process.execPath, [path.join(ROOT, program), 'config', 'check', ...settings], { stdio: 'pipe' });
  }
});

test('the backup is of the same user and directory as the service, and by a command that exists', () => {
  const service = read('deploy/systemd/logboom.service');
  const unit = read('deploy/systemd/logboom-backup.service');
  // Without User= the user of the service has the unit's own name.
  expect(service).not.toContain('User=logboom');
  expect(unit).toContain('DynamicUser=yes\nUser=logboom\nStateDirectory=logboom ');
  const [, program = '', settings = ''] = /\/opt\/logboom\/(\S+) backup "[^"]+" ([^']+)'/.exec(unit) ?? [];
  expect(existsSync(path.join(ROOT, program))).toBe(true);
  expect(service).toContain(`serve ${settings}`);
});

describe('the container', () => {
  const dockerfile = read('deploy/docker/Dockerfile');
  const service = parse(read('deploy/docker/compose.yaml')).services.logboom;
  const withServer = parse(read('deploy/docker/clickhouse.yaml'));

  test.each<[string, object]>([
    ['by itself', {}],
    ['with a ClickHouse server', withServer.services.logboom.environment],
  ])('has variables that are settings, with values that can be used, %s', (_what, more) => {
    const inImage = [...dockerfile.matchAll(/\b(LOGBOOM_\w+)=(\S+)/g)].map(([, name, value]) => [name, value]);
    // An empty variable counts as not set, as does what compose makes of `${NAME:-}`.
    const inCompose = Object.entries<string>({ ...service.environment, ...more }).map(([name, value]) => [
      name,
      value.startsWith('${') ? '' : value,
    ]);
    expect(inImage.length).toBeGreaterThan(0);
    const env = { ...process.env, ...Object.fromEntries([...inImage, ...inCompose]) };
    execFileSync(process.execPath, [path.join(ROOT, 'bin/logboom'), 'config', 'check'], { env, stdio: 'pipe' });
  });

  test('and its ClickHouse server know the same user, password and address', () => {
    const { logboom, clickhouse } = withServer.services;
    expect(logboom.environment.LOGBOOM_STORE_URLS).toBe('http://clickhouse:8123');
    expect(logboom.environment.LOGBOOM_STORE_USER).toBe(clickhouse.environment.CLICKHOUSE_USER);
    for (const file of [
      logboom.environment.LOGBOOM_STORE_PASSWORD_FILE,
      clickhouse.environment.CLICKHOUSE_PASSWORD_FILE,
    ]) {
      expect(file).toBe(`/run/secrets/${Object.keys(withServer.secrets)[0]}`);
    }
    expect(logboom.secrets).toEqual(clickhouse.secrets);
  });

  test('is built from what is there', () => {
    expect(service.build.dockerfile).toBe('deploy/docker/Dockerfile');
    expect(path.resolve(ROOT, 'deploy/docker', service.build.context)).toBe(ROOT);
    expect(JSON.parse(read('package.json')).bin.logboom).toBe('bin/logboom');
    expect(dockerfile).toContain('ENTRYPOINT ["logboom"]\nCMD ["serve"]');
  });

  test('publishes the admin listener to its own machine alone', () => {
    expect(service.ports).toEqual(['8080:8080', '127.0.0.1:8081:8081']);
  });
});

test('links between the documents lead somewhere', () => {
  for (const file of [
    'README.md',
    'docs/operating.md',
    'docs/runbooks.md',
    'docs/architecture.md',
    'docs/testing.md',
  ]) {
    for (const [, target = ''] of read(file).matchAll(/\]\(([^)#:]+)(?:#[\w-]+)?\)/g)) {
      expect(existsSync(path.resolve(ROOT, path.dirname(file), target)), `${file} → ${target}`).toBe(true);
    }
  }
});
