import { Lanes } from '../../core/lanes.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import type { Target } from '../parse/target.ts';
import type { Provider, ProviderContext } from '../provider-contract.ts';
import { type FindRoute, routeFinder } from '../route/find-route.ts';
import { compileRoutes } from '../route/match.ts';
import { genericOperations } from './generic-operations.ts';
import { type GenericType, loadManifest, type Manifest } from './manifest.ts';

/** Where a request leads that no provider's own route answers; `methods` is empty where the manifest knows no such type. */
export type FindGenericRoute = (method: string, target: Target) => Promise<ReturnType<FindRoute> | Refusal>;

/**
 * Finds routes of the manifest's types. The routes of a type are compiled when it is first asked for. Refuses
 * `HttpMethodNotAllowed` for an action: what is kept as a document can do nothing.
 */
export function genericRoutes(context: ProviderContext, providers: readonly Provider[]): FindGenericRoute {
  const owned = new Set(providers.flatMap(typesOf));
  const turns = new Lanes();
  const finders = new Map<GenericType, FindRoute>();
  const finderOf = (type: GenericType): FindRoute => {
    const finder = finders.get(type) ?? routeFinder(compileRoutes([providerOf(context, turns, type)]));
    finders.set(type, finder);
    return finder;
  };
  return async (method, target) => {
    const named = parseType(target.segments);
    if (named === undefined) return { methods: [] };
    const found = findType(await loadManifest(), named, method);
    if (found === undefined || isRefusal(found)) return found ?? { methods: [] };
    if (owned.has(`${found.namespace}/${found.type}`.toLowerCase())) return { methods: [] };
    return finderOf(found)(method, target);
  };
}

function typesOf({ namespace, resourceTypes }: Provider): readonly string[] {
  return resourceTypes.map(({ type }) => `${namespace}/${type}`.toLowerCase());
}

/** The namespace and type words at a path's end; `open` when the path ends with a word: a collection or an action. */
interface NamedType {
  readonly namespace: string;
  readonly words: readonly string[];
  readonly open: boolean;
}

function parseType(segments: readonly string[]): NamedType | undefined {
  const at = segments.findLastIndex((segment, index) => index % 2 === 0 && segment.toLowerCase() === 'providers');
  const [namespace, ...below] = at < 0 ? [] : segments.slice(at + 1);
  if (namespace === undefined || below.length === 0) return undefined;
  return { namespace, words: below.filter((_, index) => index % 2 === 0), open: below.length % 2 === 1 };
}

function findType(
  manifest: Manifest,
  { namespace, words, open }: NamedType,
  method: string,
): GenericType | Refusal | undefined {
  const found = manifest.find(namespace, words.join('/'));
  if (found !== undefined || !open || method !== 'POST') return found;
  const actor = manifest.find(namespace, words.slice(0, -1).join('/'));
  return actor && refuseAction(actor, words.at(-1) ?? '');
}

function refuseAction({ namespace, type }: GenericType, action: string): Refusal {
  return refuse(
    'HttpMethodNotAllowed',
    `The action '${action}' of '${namespace}/${type}' is not available: resources of this type are kept as documents, with GET, HEAD, PUT, PATCH and DELETE.`,
    { headers: { Allow: 'GET, HEAD, PUT, PATCH, DELETE' } },
  );
}

function providerOf(context: ProviderContext, turns: Lanes, type: GenericType): Provider {
  const { namespace, tracked, apiVersions, acceptedFrom } = type;
  const operations = genericOperations(context, turns, type);
  return { namespace, resourceTypes: [{ type: type.type, apiVersions, acceptedFrom, regional: tracked, operations }] };
}
