import type { Catalog, Provider, ResourceType } from '../provider-contract.ts';
import { type GenericType, loadManifest, type Manifest } from './manifest.ts';

/** The catalog of the providers' own types together with the manifest's: a type with code of its own goes before. */
export function catalogOf(providers: () => readonly Provider[]): Catalog {
  let made: Promise<readonly Provider[]> | undefined;
  return () => {
    made ??= loadManifest().then((manifest) => join(providers(), manifest));
    return made;
  };
}

function join(providers: readonly Provider[], manifest: Manifest): readonly Provider[] {
  const own = providers.map((provider) => ({
    ...provider,
    resourceTypes: [...provider.resourceTypes, ...otherTypes(provider, manifest)],
  }));
  const known = new Set(own.map(({ namespace }) => namespace.toLowerCase()));
  const others = manifest.namespaces
    .filter((namespace) => !known.has(namespace.toLowerCase()))
    .map((namespace) => ({ namespace, resourceTypes: manifest.typesOf(namespace).map(bareType) }));
  return [...own, ...others];
}

function otherTypes({ namespace, resourceTypes }: Provider, manifest: Manifest): readonly ResourceType[] {
  const own = new Set(resourceTypes.map(({ type }) => type.toLowerCase()));
  return manifest
    .typesOf(namespace)
    .filter(({ type }) => !own.has(type.toLowerCase()))
    .map(bareType);
}

/** A type as lists of providers show it: its operations are made when one is asked for. */
function bareType({ type, apiVersions, tracked }: GenericType): ResourceType {
  return { type, apiVersions, regional: tracked, operations: [] };
}
