// Goal: every route is described, docs/openapi.json is that description, and it is OpenAPI that tools can read.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeData, type Service, startService } from './support/service.js';

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly security: readonly Record<string, unknown>[];
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly description: string }[];
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}
interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly securitySchemes: Readonly<Record<string, unknown>> };
}

let service: Service;
let admin: OpenApi;
let pages: OpenApi;
beforeAll(async () => {
  service = await startService();
  [admin, pages] = (await Promise.all(
    [service.adminUrl, service.publicUrl].map(async (url) => {
      const response = await fetch(`${url}/openapi.json`);
      expect(response.status).toBe(200);
      return (await response.json()) as OpenApi;
    }),
  )) as [OpenApi, OpenApi];
});
afterAll(async () => {
  await service.stop();
  await removeData(service.data);
});

const operationsOf = ({ paths }: OpenApi) =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );

test('docs/openapi.json is what the service says of itself', async () => {
  await expect(`${JSON.stringify(admin, null, 2)}\n`).toMatchFileSnapshot('../docs/openapi.json');
});

test('the public listener tells of what it has, the admin listener of everything', async () => {
  expect(Object.keys(pages.paths)).toContain('/logstores/{logstore}/track');
  expect(Object.keys(pages.paths).filter((path) => path.startsWith('/api/'))).toEqual([]);
  for (const path of Object.keys(pages.paths)) expect(Object.keys(admin.paths)).toContain(path);
  expect(Object.keys(admin.paths)).toContain('/api/v1/projects/{project}/logstores/{logstore}/query');
});

test('operations have names of their own, tags, and an answer each', () => {
  const operations = operationsOf(admin);
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { operation } of operations) {
    expect(operation.operationId).toMatch(/^[A-Za-z]\w*$/);
    expect(operation.tags.length).toBeGreaterThan(0);
    expect(Object.keys(operation.responses).some((status) => status.startsWith('2'))).toBe(true);
    for (const status of Object.keys(operation.responses)) expect(status).toMatch(/^[1-5]\d\d$/);
  }
});

test('every parameter of a path is described, and no parameter twice', () => {
  for (const { path, operation } of operationsOf(admin)) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const described = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
    expect(described, path).toEqual(inPath);
    const names = operation.parameters.map(({ name, in: place }) => `${place} ${name}`);
    expect(new Set(names).size, path).toBe(names.length);
    for (const { description } of operation.parameters) expect(description).not.toBe('');
  }
});

test('every reference leads somewhere, and every security scheme is there', () => {
  const references: string[] = [];
  JSON.stringify(admin, (key, value: unknown) => {
    if (key === '$ref' && typeof value === 'string') references.push(value);
    return value;
  });
  expect(references.length).toBeGreaterThan(0);
  for (const reference of references) {
    const [root, ...steps] = reference.split('/');
    expect(root).toBe('#');
    const found = steps.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], admin);
    expect(found, reference).toBeTypeOf('object');
  }
  for (const { operation } of operationsOf(admin)) {
    for (const scheme of operation.security.flatMap(Object.keys)) {
      expect(Object.keys(admin.components.securitySchemes)).toContain(scheme);
    }
  }
});
