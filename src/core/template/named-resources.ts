import { foldId } from '../resource-id.ts';
import type { PlannedResource } from './planned-resource.ts';
import { interleave } from './resource-address.ts';
import type { ResourceDeclaration } from './template.ts';

/** The resources of a plan by everything that a template may call them. */
export interface NamedResources {
  /** By id, symbolic name (`disks`, `disks[0]`), loop, name, or type and name. Several for a loop; none where nothing is called so. */
  find(text: string): readonly PlannedResource[];
  /** The rounds of a declaration, in their order. */
  rounds(declaration: ResourceDeclaration): readonly PlannedResource[];
}

/** Names resources. What is more exact comes first: an id before a symbolic name before a name that several types may have. */
export function nameResources(resources: readonly PlannedResource[]): NamedResources {
  const tables = [idOf, symbolsOf, typedNamesOf, loopOf, nameOf].map((callsOf) => tableOf(resources, callsOf));
  const declared = new Map<ResourceDeclaration, PlannedResource[]>();
  for (const resource of resources) {
    declared.set(resource.declaration, [...(declared.get(resource.declaration) ?? []), resource]);
  }
  return {
    find: (text) => tables.map((table) => table.get(foldId(text))).find((found) => found !== undefined) ?? [],
    rounds: (declaration) => declared.get(declaration) ?? [],
  };
}

function tableOf(
  resources: readonly PlannedResource[],
  callsOf: (resource: PlannedResource) => readonly string[],
): ReadonlyMap<string, readonly PlannedResource[]> {
  const table = new Map<string, PlannedResource[]>();
  for (const resource of resources) {
    for (const call of callsOf(resource)) {
      const key = call.toLowerCase();
      const called = table.get(key);
      if (called === undefined) table.set(key, [resource]);
      else called.push(resource);
    }
  }
  return table;
}

function idOf({ key }: PlannedResource): readonly string[] {
  return [key];
}

function symbolsOf({ declaration: { symbol }, rounds }: PlannedResource): readonly string[] {
  if (symbol === undefined) return [];
  const [round] = rounds;
  return round === undefined ? [symbol] : [symbol, `${symbol}[${round.index}]`];
}

/** `Microsoft.Network/virtualNetworks/a/subnets/b`, and `Microsoft.Network/virtualNetworks/subnets/a/b`. */
function typedNamesOf({ type, name }: PlannedResource): readonly string[] {
  const [namespace = '', ...words] = type.split('/');
  return [...new Set([`${namespace}/${interleave(words, name.split('/'))}`, `${type}/${name}`])];
}

function loopOf({ declaration: { copy } }: PlannedResource): readonly string[] {
  return copy === undefined ? [] : [copy.name];
}

function nameOf({ name }: PlannedResource): readonly string[] {
  return [name];
}
