import { isJsonObject, type Json, type JsonObject } from '../json.ts';

/** How a property would change. @see Microsoft.Resources deployments swagger 2025-04-01, WhatIfPropertyChange */
export type PropertyChange = {
  readonly path: string;
  readonly propertyChangeType: 'Create' | 'Delete' | 'Modify' | 'Array';
  readonly before: Json;
  readonly after: Json;
  readonly children: readonly PropertyChange[] | null;
};

/**
 * What a resource would be changed in: of what is sent, whatever differs; of tags also what goes. What a resource has beyond that
 * is its provider's and stays.
 */
export function propertyChanges(before: JsonObject, after: JsonObject): readonly PropertyChange[] {
  const gone = Object.keys(objectOf(before['tags']))
    .filter((name) => after['tags'] !== undefined && objectOf(after['tags'])[name] === undefined)
    .map((name) => change(`tags.${name}`, 'Delete', objectOf(before['tags'])[name] ?? null, null));
  return [...changesIn(before, after, ''), ...gone];
}

function changesIn(before: JsonObject, after: JsonObject, above: string): readonly PropertyChange[] {
  return Object.entries(after).flatMap(([name, value]) => {
    const had = Object.entries(before).find(([other]) => other.toLowerCase() === name.toLowerCase())?.[1];
    return changesAt(`${above}${name}`, had, value);
  });
}

function changesAt(path: string, before: Json | undefined, after: Json): readonly PropertyChange[] {
  if (before === undefined) return after === null ? [] : [change(path, 'Create', null, after)];
  if (isJsonObject(before) && isJsonObject(after)) return changesIn(before, after, `${path}.`);
  if (Array.isArray(before) && Array.isArray(after)) return arrayChanges(path, before, after);
  return isSame(before, after) ? [] : [change(path, 'Modify', before, after)];
}

/** An array's own line with those of its items; longer and shorter ones have items that come and go. */
function arrayChanges(path: string, before: readonly Json[], after: readonly Json[]): readonly PropertyChange[] {
  const inner = after.flatMap((item, at) => changesAt(String(at), before[at], item));
  const gone = before.slice(after.length).map((item, at) => change(String(after.length + at), 'Delete', item, null));
  const children = [...inner, ...gone];
  return children.length === 0 ? [] : [{ ...change(path, 'Array', before, after), children }];
}

function change(
  path: string,
  propertyChangeType: PropertyChange['propertyChangeType'],
  before: Json,
  after: Json,
): PropertyChange {
  return { path, propertyChangeType, before, after, children: null };
}

/** Regions, SKUs and ids have no case, and answers may spell them otherwise than requests. */
function isSame(before: Json, after: Json): boolean {
  if (typeof before === 'string' && typeof after === 'string') return before.toLowerCase() === after.toLowerCase();
  return JSON.stringify(before) === JSON.stringify(after);
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
