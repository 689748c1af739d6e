// Resources of types that no provider here has code for: they are kept as documents. This folder knows the types (a manifest
// of namespaces, types and api-versions, loaded when it is first needed), makes routes of them, and keeps the documents.

/** What a resource of a type may lie in: a resource group, a subscription, the tenant, or any resource (an extension). */
export type ScopeKind = 'group' | 'subscription' | 'tenant' | 'extension';

/** A resource type of the manifest. */
export interface GenericType {
  readonly namespace: string;
  /** Such as `storageAccounts` or `servers/databases`. */
  readonly type: string;
  readonly scopes: readonly ScopeKind[];
  /** Whether it has a region at all; of a type that has none, a request's region is not kept. */
  readonly located: boolean;
  /** Whether a request to make one must say in which region. */
  readonly tracked: boolean;
  /** Newest first: those that the sources name. */
  readonly apiVersions: readonly string[];
  /** The date of the oldest version of any type in the namespace: documents are the same in all of them. */
  readonly acceptedFrom: string;
}

/** The types that are known beside those with code of their own. */
export interface Manifest {
  readonly namespaces: readonly string[];
  typesOf(namespace: string): readonly GenericType[];
  /** Without regard to case. */
  find(namespace: string, type: string): GenericType | undefined;
}

/** The manifest's rows: by namespace and type, `{scopes} [tracked|located] {api-versions}`. The scopes are letters of {@link kinds}. */
type Rows = Readonly<Record<string, Readonly<Record<string, string>>>>;

const kinds: Readonly<Record<string, ScopeKind>> = {
  g: 'group',
  s: 'subscription',
  t: 'tenant',
  x: 'extension',
};

let loaded: Promise<Manifest> | undefined;

/** Loads the manifest that is shipped, once. */
export function loadManifest(): Promise<Manifest> {
  loaded ??= import('./manifest.json', { with: { type: 'json' } }).then((module) =>
    manifestOf(module.default.namespaces),
  );
  return loaded;
}

/** A manifest over rows; a row is read when its namespace is asked for. */
export function manifestOf(rows: Rows): Manifest {
  const spelling = new Map(Object.keys(rows).map((namespace) => [namespace.toLowerCase(), namespace]));
  const read = new Map<string, ReadonlyMap<string, GenericType>>();
  const typesIn = (asked: string): ReadonlyMap<string, GenericType> => {
    const namespace = spelling.get(asked.toLowerCase());
    if (namespace === undefined) return new Map();
    const known = read.get(namespace) ?? readTypes(namespace, rows[namespace] ?? {});
    read.set(namespace, known);
    return known;
  };
  return {
    namespaces: Object.keys(rows),
    typesOf: (namespace) => [...typesIn(namespace).values()],
    find: (namespace, type) => typesIn(namespace).get(type.toLowerCase()),
  };
}

function readTypes(namespace: string, rows: Readonly<Record<string, string>>): ReadonlyMap<string, GenericType> {
  const acceptedFrom = Object.values(rows).flatMap(versionsOf).toSorted()[0]?.slice(0, 10) ?? '';
  return new Map(
    Object.entries(rows).map(([type, row]) => [
      type.toLowerCase(),
      { namespace, type, acceptedFrom, ...parseRow(row) },
    ]),
  );
}

function versionsOf(row: string): readonly string[] {
  return parseRow(row).apiVersions;
}

function parseRow(row: string): Pick<GenericType, 'scopes' | 'located' | 'tracked' | 'apiVersions'> {
  const [letters = '', ...words] = row.split(' ');
  const tracked = words[0] === 'tracked';
  const located = tracked || words[0] === 'located';
  const scopes = [...letters].flatMap((letter) => kinds[letter] ?? []);
  return { scopes, located, tracked, apiVersions: located ? words.slice(1) : words };
}
