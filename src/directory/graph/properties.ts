import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Refusal } from '../../core/refusal.ts';
import { refuseRequest } from './ask.ts';

/** What a kept property may be. */
export type PropertyType = 'text' | 'flag' | 'list' | 'object';

/** The properties of a kind of object that are kept as they are given, each with its type; null is allowed. */
export type KeptProperties = Readonly<Record<string, PropertyType>>;

/** Properties that requests may name because they handle them. */
export interface PropertyRules {
  readonly resource: string;
  /** The values that a property may have, where they are few. */
  readonly values?: Readonly<Record<string, readonly string[]>>;
  readonly kept: KeptProperties;
  readonly handled: readonly string[];
  readonly readOnly: readonly string[];
}

/**
 * The kept properties of a body. Refuses what the kind of object does not have, what cannot be set, and a wrong type, naming
 * the property. Annotations of types are passed over.
 */
export function readProperties(body: JsonObject, rules: PropertyRules): JsonObject | Refusal {
  const properties: Record<string, Json> = {};
  for (const [name, value] of Object.entries(body)) {
    if (name.startsWith('@') || name.endsWith('@odata.type') || rules.handled.includes(name)) continue;
    if (rules.readOnly.includes(name)) return refuseRequest(`Property '${name}' is read-only and cannot be set.`);
    const type = Object.hasOwn(rules.kept, name) ? rules.kept[name] : undefined;
    if (type === undefined) return refuseRequest(`Invalid property '${name}' of resource '${rules.resource}'.`);
    if (value !== null && (typeOf(value) !== type || rules.values?.[name]?.includes(String(value)) === false)) {
      return refuseRequest(`Invalid value specified for property '${name}' of resource '${rules.resource}'.`);
    }
    properties[name] = value;
  }
  return properties;
}

/** Properties over those that an object has; of complex properties, member by member. */
export function mergeProperties(under: JsonObject, over: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...under, ...over };
  for (const [name, value] of Object.entries(over)) {
    const before = Object.hasOwn(under, name) ? under[name] : undefined;
    if (isJsonObject(value) && isJsonObject(before)) merged[name] = { ...before, ...value };
  }
  return merged;
}

/** A text that must be there. Refuses as Graph does when it is missing, empty or too long. */
export function readText(body: JsonObject, name: string, resource: string, maxLength: number): string | Refusal {
  const value = body[name];
  if (value === undefined || value === null || value === '') {
    return refuseRequest(`A value is required for property '${name}' of resource '${resource}'.`);
  }
  if (typeof value === 'string' && value.length <= maxLength) return value;
  return refuseRequest(
    `Invalid value specified for property '${name}' of resource '${resource}': it must be a text of at most ${maxLength} characters.`,
  );
}

function typeOf(value: Json): PropertyType | 'number' {
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return 'flag';
  return typeof value === 'object' ? 'object' : 'number';
}
