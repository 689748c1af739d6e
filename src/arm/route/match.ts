// From a path to an operation: the providers' path templates, compiled once, and where a matched request acts. Knows no
// provider by name.

import { canonicalId, parseResourceId } from '../../core/resource-id.ts';
import type { Provider } from '../provider-contract.ts';
import { type Route, routesOf } from './route.ts';
import { compileTrie, findNodes, type TrieNode } from './trie.ts';

/** The compiled route table. */
export interface Routes {
  readonly fixed: TrieNode;
  /** Templates that any scope may stand before. */
  readonly scoped: TrieNode;
}

/** A route that a path leads to, with the parameters as written. */
export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** What a path leads to: a route; or, when no route has the method, the methods that there are (none: no such path). */
export type Matched = Match | { readonly methods: readonly string[] };

/** Compiles the providers' operations, once, at start. */
export function compileRoutes(providers: readonly Provider[]): Routes {
  const routes = routesOf(providers);
  return {
    fixed: compileTrie(routes.filter((route) => !route.template.scoped)),
    scoped: compileTrie(routes.filter((route) => route.template.scoped)),
  };
}

/**
 * Finds the route of a request. Fixed words match without regard to case and go before parameters; templates with a
 * `{scope}` are tried behind each `providers` word from the last on. HEAD is answered by GET where it has no route of its own.
 */
export function matchRoute(routes: Routes, method: string, segments: readonly string[]): Matched {
  const methods = new Set<string>();
  for (const { nodes, from } of candidates(routes, segments)) {
    for (const node of nodes) {
      const route = node.routes.get(method) ?? (method === 'HEAD' ? node.routes.get('GET') : undefined);
      if (route !== undefined) return { route, params: paramsOf(route, segments, from) };
      for (const other of node.routes.keys()) methods.add(other);
    }
  }
  return { methods: [...methods].toSorted() };
}

interface Candidate {
  readonly nodes: readonly TrieNode[];
  /** Where the template begins: behind the scope. */
  readonly from: number;
}

function* candidates(routes: Routes, segments: readonly string[]): Generator<Candidate> {
  yield { nodes: findNodes(routes.fixed, segments, 0), from: 0 };
  for (let at = segments.length - 1; at >= 0; at -= 1) {
    if (segments[at]?.toLowerCase() !== 'providers') continue;
    const nodes = findNodes(routes.scoped, segments, at);
    if (nodes.length > 0 && isScope(segments.slice(0, at))) yield { nodes, from: at };
  }
}

function isScope(segments: readonly string[]): boolean {
  return parseResourceId(`/${segments.join('/')}`) !== undefined;
}

function paramsOf(route: Route, segments: readonly string[], from: number): Readonly<Record<string, string>> {
  const params: Record<string, string> = {};
  if (route.template.scoped) params['scope'] = canonicalId(segments.slice(0, from).join('/'));
  route.template.parts.forEach((part, at) => {
    if ('param' in part) params[part.param] = segments[from + at] ?? '';
  });
  return params;
}
