import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { isRefusal, type Refusal } from '../refusal.ts';
import { invalidTemplate } from './invalid-template.ts';
import type { CopyLoop, ResourceDeclaration } from './template.ts';

/** Words of the template language on a resource; everything else is sent. */
const words = new Set(
  [
    'type',
    'name',
    'apiVersion',
    'condition',
    'copy',
    'dependsOn',
    'scope',
    'comments',
    'metadata',
    'resources',
    'existing',
    'subscriptionId',
    'resourceGroup',
    'asserts',
    'import',
    '@options',
  ].map((word) => word.toLowerCase()),
);

/** What a nested resource has from those around it. */
interface Parent {
  readonly type: string;
  readonly names: readonly string[];
  readonly looped: boolean;
}

/**
 * Reads the resources of a template, an array or (symbolic names) an object, with what is nested in them: a child comes after its
 * parent. Refuses `InvalidTemplate`.
 */
export function parseResources(value: Json, parent?: Parent): readonly ResourceDeclaration[] | Refusal {
  const declared: readonly (readonly [string | undefined, Json])[] | undefined = Array.isArray(value)
    ? (value as readonly Json[]).map((one) => [undefined, one] as const)
    : isJsonObject(value)
      ? Object.entries(value)
      : undefined;
  if (declared === undefined) return invalidTemplate("'resources' must be an array or an object");
  const resources: ResourceDeclaration[] = [];
  for (const [symbol, one] of declared) {
    const parsed = isJsonObject(one) ? parseResource(one, symbol, parent) : undefined;
    if (parsed === undefined) return invalidTemplate('each resource must be an object');
    if (isRefusal(parsed)) return parsed;
    resources.push(...parsed);
  }
  return resources;
}

function parseResource(
  value: JsonObject,
  symbol: string | undefined,
  parent: Parent | undefined,
): readonly ResourceDeclaration[] | Refusal {
  const { type, name, apiVersion } = value;
  const shown = typeof name === 'string' ? name : (symbol ?? '');
  for (const [word, given] of Object.entries({ type, name, apiVersion })) {
    if (typeof given !== 'string' || given === '') {
      return invalidTemplate(`the resource '${shown}' must have a '${word}' that is a string`);
    }
  }
  const copy = parseCopy(value['copy'], shown);
  if (isRefusal(copy)) return copy;
  if (copy !== undefined && parent?.looped === true) {
    return invalidTemplate(`the resource '${shown}' is nested in a copied resource and cannot be copied itself`);
  }
  const dependsOn = value['dependsOn'] ?? [];
  if (!Array.isArray(dependsOn) || dependsOn.some((one) => typeof one !== 'string')) {
    return invalidTemplate(`'dependsOn' of the resource '${shown}' must be an array of strings`);
  }
  const names = [...(parent?.names ?? []), String(name)];
  const fullType = parent === undefined ? String(type) : `${parent.type}/${String(type)}`;
  const own: ResourceDeclaration = {
    type: fullType,
    names,
    apiVersion: String(apiVersion),
    dependsOn: dependsOn as readonly string[],
    existing: value['existing'] === true,
    body: Object.fromEntries(Object.entries(value).filter(([key]) => !words.has(key.toLowerCase()))),
    ...(symbol === undefined ? {} : { symbol }),
    ...(value['condition'] === undefined ? {} : { condition: value['condition'] }),
    ...(copy === undefined ? {} : { copy }),
    ...textsOf(value),
  };
  const nested = parseResources(value['resources'] ?? [], { type: fullType, names, looped: copy !== undefined });
  return isRefusal(nested) ? nested : [own, ...nested];
}

function textsOf(value: JsonObject): Pick<ResourceDeclaration, 'scope' | 'subscriptionId' | 'resourceGroup'> {
  const given = (['scope', 'subscriptionId', 'resourceGroup'] as const).filter(
    (name) => typeof value[name] === 'string',
  );
  return Object.fromEntries(given.map((name) => [name, value[name]]));
}

function parseCopy(value: Json | undefined, resource: string): CopyLoop | undefined | Refusal {
  if (value === undefined || value === null) return undefined;
  if (!isJsonObject(value) || typeof value['name'] !== 'string' || value['count'] === undefined) {
    return invalidTemplate(`'copy' of the resource '${resource}' must have a 'name' and a 'count'`);
  }
  const { name, count, batchSize } = value;
  if (String(value['mode'] ?? 'parallel').toLowerCase() !== 'serial') return { name, count };
  if (batchSize !== undefined && !(Number.isInteger(batchSize) && Number(batchSize) > 0)) {
    return invalidTemplate(`'copy.batchSize' of the resource '${resource}' must be a positive integer`);
  }
  return { name, count, batchSize: Number(batchSize ?? 1) };
}
