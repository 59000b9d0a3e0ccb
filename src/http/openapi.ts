/** The description of our HTTP interfaces, OpenAPI 3.1.1 (spec.openapis.org/oas/v3.1.1), made from the routes themselves. */
import * as z from 'zod';
import { API_ERRORS, ApiError, type ErrorName } from '../errors.js';
import { reasonOf, sendJson } from './answer.js';
import type { Route } from './route.js';
import type { RouteDoc } from './route-doc.js';

/** JSON of any shape. */
type Json = Readonly<Record<string, unknown>>;

/** What stands in paths. */
const PATH_PARAMETERS: Readonly<Record<string, string>> = {
  project: 'The name of a project.',
  logstore: 'The name of a logstore.',
  shard: 'The number of a shard, from 0 on.',
  group: 'The name of a consumer group.',
  key: 'The id of an access key.',
  host: 'A host name, without a port.',
  node: 'The name of a node of the cluster.',
  export: 'The id of an export: the header `x-logboom-export` of its first answer.',
  deletion: 'The id of a deletion.',
  id: 'The id of a log.',
  search: 'The id of a saved search.',
  requestId: 'The `x-log-requestid` of a refused request.',
  replay: 'The id of a replay.',
};

const ACCESS_ERRORS: Readonly<Record<RouteDoc['access'], readonly ErrorName[]>> = {
  open: [],
  key: ['MissingAccessKey', 'Unauthorized', 'AccessKeyDisabled', 'AccessDenied'],
  signed: [
    'MissAccessKeyId',
    'MissingDate',
    'InvalidDateFormat',
    'RequestTimeExpired',
    'MissingSignatureMethod',
    'InvalidSignatureMethod',
    'AccessKeyNotFound',
    'AccessKeyDisabled',
    'SignatureNotMatch',
    'AccessDenied',
  ],
};

const SECURITY: Readonly<Record<RouteDoc['access'], readonly Json[]>> = {
  open: [],
  key: [{ accessKey: [] }, { session: [] }],
  signed: [{ signature: [] }],
};

/** The route that answers with the description of `routes`, itself included. */
export function openApiRoute(version: string, routes: readonly Route[]): Route {
  let text: Json | undefined;
  const own: Route = {
    method: 'GET',
    path: '/openapi.json',
    doc: {
      id: 'getOpenApi',
      tag: 'Operation',
      summary: 'This description.',
      access: 'open',
      answer: { types: ['application/json'] },
    },
    handle(exchange) {
      text ??= describeRoutes(version, [...routes, own]);
      sendJson(exchange, 200, text);
    },
  };
  return own;
}

/** `version` is the program's. Routes that are there twice, for two listeners, are told of once. */
export function describeRoutes(version: string, routes: readonly Route[]): Json {
  const operations = new Map<string, Map<string, Map<string, Route>>>();
  for (const route of routes) {
    if (route.doc === null) continue;
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    const methods = operations.get(path) ?? new Map<string, Map<string, Route>>();
    const types = methods.get(route.method) ?? new Map<string, Route>();
    types.set(route.type ?? '', route);
    operations.set(path, methods.set(route.method, types));
  }
  const paths = [...operations].toSorted(byName).map(([path, methods]) => {
    const item = [...methods].toSorted(byName).map(([method, types]) => {
      return [method.toLowerCase(), describeOperation(path, [...types].toSorted(byName))] as const;
    });
    return [path, Object.fromEntries(item)] as const;
  });
  return {
    openapi: '3.1.1',
    info: {
      title: 'Logboom',
      version,
      description:
        'Web tracking and the APIs of SLS on the public listener and, signed, on the admin listener too; our own API below ' +
        '/api/v1 on the admin listener alone. Every answer has a header x-log-requestid.',
      license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
    },
    servers: [
      { url: 'http://127.0.0.1:8080', description: 'The public listener' },
      { url: 'http://127.0.0.1:8081', description: 'The admin listener' },
    ],
    paths: Object.fromEntries(paths),
    components: COMPONENTS,
  };
}

/** What any operation may answer. */
const FAILURES: Json = { '500': describeErrors(['InternalServerError']), '503': describeErrors(['ServerBusy']) };

const COMPONENTS: Json = {
  responses: FAILURES,
  schemas: {
    Error: {
      type: 'object',
      required: ['errorCode', 'errorMessage'],
      properties: {
        errorCode: { type: 'string', description: 'Stable; docs/errors.md lists them.' },
        errorMessage: { type: 'string', description: 'For people.' },
      },
    },
  },
  securitySchemes: {
    accessKey: { type: 'http', scheme: 'bearer', description: 'Authorization: Bearer {accessKeyId}:{accessKeySecret}' },
    session: {
      type: 'apiKey',
      in: 'cookie',
      name: 'logboom_session',
      description: 'Of the console: POST /api/v1/session',
    },
    signature: {
      type: 'apiKey',
      in: 'header',
      name: 'Authorization',
      description: "SLS's signatures, v1 (LOG id:signature) and v4 (SLS4-HMAC-SHA256 …): docs/sls-compatibility.md",
    },
  },
};

/** OpenAPI has one operation for a path and method; where the parameter `type` leads to several, it is all of them. */
function describeOperation(path: string, byType: readonly (readonly [string, Route])[]): Json {
  const docs = byType.flatMap(([type, { doc }]) => (doc === null ? [] : [{ type, doc }]));
  const [first] = docs;
  if (first === undefined) throw new Error('an operation without a route');
  const types = docs.map(({ type }) => type).filter((type) => type !== '');
  const body = describeBody(docs.map(({ doc }) => doc));
  const tell = ({ type, doc }: { type: string; doc: RouteDoc }) =>
    types.length === 0 ? doc.summary : `${type === '' ? 'no type' : `type=${type}`}: ${doc.summary}`;
  return {
    operationId: docs.map(({ doc }) => doc.id).join('_'),
    tags: [...new Set(docs.map(({ doc }) => doc.tag))],
    summary: docs.map(tell).join(' '),
    security: SECURITY[first.doc.access],
    parameters: [
      ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => pathParameter(name)),
      ...(types.length === 0 ? [] : [typeParameter(types, types.length === docs.length)]),
      ...named('query', docs, ({ query }) => query),
      ...named('header', docs, ({ headers }) => headers),
    ],
    ...(body === null ? {} : { requestBody: body }),
    responses: describeResponses(
      path,
      docs.map(({ doc }) => doc),
    ),
  };
}

function pathParameter(name: string): Json {
  const description = PATH_PARAMETERS[name];
  if (description === undefined) throw new Error(`nothing is said of the path parameter ${name}`);
  return { name, in: 'path', required: true, description, schema: { type: 'string' } };
}

function typeParameter(types: readonly string[], required: boolean): Json {
  return { name: 'type', in: 'query', required, description: 'What is asked for.', schema: { enum: types } };
}

function named(
  place: 'query' | 'header',
  docs: readonly { readonly doc: RouteDoc }[],
  of: (doc: RouteDoc) => Readonly<Record<string, string>> | undefined,
): Json[] {
  const descriptions = new Map(docs.flatMap(({ doc }) => Object.entries(of(doc) ?? {})));
  return [...descriptions].map(([name, description]) => ({
    name,
    in: place,
    description,
    schema: { type: 'string' },
  }));
}

function describeBody(docs: readonly RouteDoc[]): Json | null {
  const bodies = docs.flatMap(({ body }) => (body === undefined ? [] : [body]));
  if (bodies.length === 0) return null;
  const types = new Set(bodies.flatMap((body) => body.types ?? ['application/json']));
  const schemas = bodies.flatMap(({ schema }) => (schema === undefined ? [] : [describeSchema(schema)]));
  const [first] = schemas;
  return { required: true, content: contentOf([...types], schemas.length > 1 ? { anyOf: schemas } : first) };
}

/** The whole document has a dialect; its schemas do not repeat it. */
function describeSchema(decoder: z.ZodType): Json {
  const { $schema: _, ...schema } = z.toJSONSchema(decoder, { io: 'input', unrepresentable: 'any' });
  return schema;
}

function describeResponses(path: string, docs: readonly RouteDoc[]): Json {
  const responses = new Map<number, Json>();
  for (const { answer } of docs) {
    const content = answer === undefined ? {} : { content: contentOf(answer.types) };
    const status = answer?.status ?? 200;
    responses.set(status, { description: reasonOf(status), ...content });
  }
  const errors = new Map<number, ErrorName[]>();
  for (const name of errorsOf(path, docs)) {
    const { status } = API_ERRORS[name];
    errors.set(status, [...(errors.get(status) ?? []), name]);
  }
  for (const [status, names] of [...errors].toSorted(([a], [b]) => a - b)) {
    responses.set(status, describeErrors(names));
  }
  const rest = Object.keys(FAILURES).map((status) => [status, { $ref: `#/components/responses/${status}` }] as const);
  return Object.fromEntries([
    ...[...responses].map(([status, response]) => [String(status), response] as const),
    ...rest,
  ]);
}

function describeErrors(names: readonly ErrorName[]): Json {
  const codes = new Set(names.map((name) => `\`${new ApiError(name).code}\``));
  const content = contentOf(['application/json'], { $ref: '#/components/schemas/Error' });
  return { description: [...codes].join(', '), content };
}

function errorsOf(path: string, docs: readonly RouteDoc[]): ErrorName[] {
  const names = docs.flatMap(({ access, body, errors = [] }): readonly ErrorName[] => [
    ...ACCESS_ERRORS[access],
    ...(body?.schema === undefined ? [] : (['JsonBodyInvalid', 'ParameterInvalid'] as const)),
    ...errors,
  ]);
  const ofPath: ErrorName[] = [];
  if (path.includes('{project}')) ofPath.push('ProjectNotExist');
  if (path.includes('{logstore}')) ofPath.push('LogStoreNotExist');
  return [...new Set<ErrorName>([...names, ...ofPath])];
}

function contentOf(types: readonly string[], schema: Json = {}): Json {
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
