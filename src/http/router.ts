/** Finds the route of a request. */
import type { Route } from './route.js';

export type Found =
  | { readonly kind: 'route'; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'noPath' }
  | { readonly kind: 'noMethod'; readonly allowed: readonly string[] };

interface Node {
  readonly literal: Map<string, Node>;
  named: { name: string; node: Node } | null;
  /** By method, those with a type first. */
  readonly routes: Map<string, Route[]>;
}

/** The router made looks at the query only where a type decides. Throws on two routes for the same method, path and type. */
export function createRouter(routes: readonly Route[]): (method: string, path: string, queryText: string) => Found {
  const root = emptyNode();
  for (const route of routes) insert(root, route);
  return (method, path, queryText) => find(root, method, path, queryText);
}

function insert(root: Node, route: Route): void {
  let node = root;
  for (const segment of route.path.split('/').slice(1)) {
    if (segment.startsWith(':')) {
      node.named ??= { name: segment.slice(1), node: emptyNode() };
      node = node.named.node;
    } else {
      const child = node.literal.get(segment) ?? emptyNode();
      node.literal.set(segment, child);
      node = child;
    }
  }
  const others = node.routes.get(route.method) ?? [];
  if (others.some(({ type }) => type === route.type)) throw new Error(`two routes for ${route.method} ${route.path}`);
  node.routes.set(route.method, route.type === undefined ? [...others, route] : [route, ...others]);
}

/** A literal segment wins over a named one, and there is no way back: patterns that would need one are not written. */
function find(root: Node, method: string, path: string, queryText: string): Found {
  if (!path.startsWith('/')) return { kind: 'noPath' };
  const params: Record<string, string> = {};
  let node = root;
  let from = 1;
  while (from <= path.length) {
    const slash = path.indexOf('/', from);
    const to = slash === -1 ? path.length : slash;
    const segment = path.slice(from, to);
    const child = node.literal.get(segment);
    if (child !== undefined) {
      node = child;
    } else {
      const value = node.named === null ? null : decodeSegment(segment);
      if (node.named === null || value === null) return { kind: 'noPath' };
      params[node.named.name] = value;
      node = node.named.node;
    }
    from = to + 1;
  }
  const candidates = node.routes.get(method === 'HEAD' ? 'GET' : method) ?? [];
  const route = candidates.find(({ type }) => type === undefined || type === typeOf(queryText));
  if (route !== undefined) return { kind: 'route', route, params };
  return node.routes.size === 0 ? { kind: 'noPath' } : { kind: 'noMethod', allowed: [...node.routes.keys()] };
}

function typeOf(queryText: string): string | null {
  return new URLSearchParams(queryText).get('type');
}

/** Null for what no route can have: nothing, or a malformed escape. */
function decodeSegment(segment: string): string | null {
  if (segment === '') return null;
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

function emptyNode(): Node {
  return { literal: new Map(), named: null, routes: new Map() };
}
