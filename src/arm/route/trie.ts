import type { Route } from './route.ts';
import type { TemplatePart } from './template.ts';

/** A set of templates as a tree of segments: fixed words (folded) before parameters. */
export interface TrieNode {
  readonly words: Map<string, TrieNode>;
  param: TrieNode | undefined;
  /** By method. */
  readonly routes: Map<string, Route>;
}

/** Compiles routes to a tree, once. A method and path that two routes claim is a bug and throws. */
export function compileTrie(routes: readonly Route[]): TrieNode {
  const root = emptyNode();
  for (const route of routes) {
    const node = route.template.parts.reduce(childFor, root);
    const { method, path } = route.operation;
    if (node.routes.has(method)) throw new Error(`two operations claim ${method} ${path}`);
    node.routes.set(method, route);
  }
  return root;
}

function emptyNode(): TrieNode {
  return { words: new Map(), param: undefined, routes: new Map() };
}

function childFor(node: TrieNode, part: TemplatePart): TrieNode {
  if ('param' in part) {
    node.param ??= emptyNode();
    return node.param;
  }
  const key = part.word.toLowerCase();
  const child = node.words.get(key) ?? emptyNode();
  node.words.set(key, child);
  return child;
}

/** Every node that the segments lead to, the one with the earliest fixed words first. */
export function findNodes(node: TrieNode, segments: readonly string[], from: number): readonly TrieNode[] {
  const segment = segments[from];
  if (segment === undefined) return node.routes.size > 0 ? [node] : [];
  const word = node.words.get(segment.toLowerCase());
  const byWord = word === undefined ? [] : findNodes(word, segments, from + 1);
  const byParam = node.param === undefined ? [] : findNodes(node.param, segments, from + 1);
  return [...byWord, ...byParam];
}
