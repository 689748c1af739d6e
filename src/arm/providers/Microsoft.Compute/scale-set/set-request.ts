import { isJsonObject, type Json, type JsonObject } from '../../../../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { parseTags, type Tags } from '../../../../core/tags.ts';
import { isHostname } from '../machine-name.ts';
import { parseProperties, partOf } from '../machine-properties.ts';

/** A PUT or PATCH body of a scale set, checked. What is undefined was not in it. */
export interface SetRequest {
  readonly location: Json | undefined;
  readonly tags: Tags | undefined;
  readonly identity: Json | undefined;
  readonly sku: { readonly name?: string; readonly tier?: string; readonly capacity?: number };
  /** Without read-only parts and without the secrets of the machines' profile. */
  readonly properties: JsonObject;
  readonly others: JsonObject;
}

const readOnly = ['provisioningState', 'uniqueId', 'timeCreated', 'nextInstance', 'model'];
const kept = ['zones', 'plan', 'extendedLocation', 'placement'];
const most = 1000;
const mostInOnePlacementGroup = 100;

/** Reads a body. Refuses `InvalidRequestContent`, `InvalidParameter`, and what tags refuse. */
export function parseSetRequest(body: Json | undefined): SetRequest | Refusal {
  if (!isJsonObject(body)) return notAnObject('the body');
  const tags = parseTags(body['tags']);
  const sku = parseSku(body['sku']);
  const properties = parseSetProperties(body['properties'], sku);
  if (isRefusal(tags)) return tags;
  if (isRefusal(sku)) return sku;
  if (isRefusal(properties)) return properties;
  return {
    location: body['location'] ?? undefined,
    tags: body['tags'] === undefined || body['tags'] === null ? undefined : tags,
    identity: body['identity'] ?? undefined,
    sku,
    properties,
    others: Object.fromEntries(Object.entries(body).filter(([name, value]) => kept.includes(name) && value !== null)),
  };
}

function parseSku(value: Json | undefined): SetRequest['sku'] | Refusal {
  if (value === undefined || value === null) return {};
  if (!isJsonObject(value)) return notAnObject('sku');
  const { name, tier, capacity } = value;
  if (![name, tier].every((text) => text === undefined || text === null || typeof text === 'string')) {
    return invalid('sku', 'its name and tier must be strings');
  }
  const number =
    typeof capacity === 'string' && /^-?\d{1,9}$/.test(capacity) ? Number(capacity) : (capacity ?? undefined);
  if (number !== undefined && !(Number.isInteger(number) && (number as number) >= 0 && (number as number) <= most)) {
    return invalid('sku.capacity', `it must be a whole number from 0 to ${most}, and is '${String(capacity)}'`);
  }
  return {
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof tier === 'string' ? { tier } : {}),
    ...(number === undefined ? {} : { capacity: number as number }),
  };
}

function parseSetProperties(value: Json | undefined, sku: SetRequest['sku'] | Refusal): JsonObject | Refusal {
  if (value === undefined || value === null) return {};
  if (!isJsonObject(value)) return notAnObject('properties');
  const entries = Object.entries(value).filter(([name]) => !readOnly.includes(name));
  const properties = Object.fromEntries(entries);
  const mode = properties['orchestrationMode'] ?? 'Uniform';
  if (mode !== 'Uniform') {
    return invalid('orchestrationMode', `'${String(mode)}' is not available: the scale sets here are 'Uniform'`);
  }
  const capacity = isRefusal(sku) ? 0 : (sku.capacity ?? 0);
  if (properties['singlePlacementGroup'] === true && capacity > mostInOnePlacementGroup) {
    return invalid(
      'sku.capacity',
      `a scale set with singlePlacementGroup has at most ${mostInOnePlacementGroup} instances`,
    );
  }
  const profile = parseProfile(properties['virtualMachineProfile']);
  if (isRefusal(profile)) return profile;
  return profile === undefined ? properties : { ...properties, virtualMachineProfile: profile };
}

/** The machines' profile without what Azure takes and never gives back. */
function parseProfile(value: Json | undefined): JsonObject | undefined | Refusal {
  if (value === undefined || value === null) return undefined;
  const profile = parseProperties(value);
  if (isRefusal(profile)) return profile;
  const prefix = partOf(profile, 'osProfile')['computerNamePrefix'] ?? undefined;
  if (prefix !== undefined && !(typeof prefix === 'string' && prefix.length <= 58 && isHostname(`${prefix}0`))) {
    return invalid(
      'osProfile.computerNamePrefix',
      `'${String(prefix)}' cannot begin a host name of at most 64 characters`,
    );
  }
  const { extensions } = partOf(profile, 'extensionProfile');
  if (!Array.isArray(extensions)) return profile;
  return { ...profile, extensionProfile: { ...partOf(profile, 'extensionProfile'), extensions: extensions.map(open) } };
}

function open(extension: Json): Json {
  if (!isJsonObject(extension) || !isJsonObject(extension['properties'])) return extension;
  const { protectedSettings: _, ...properties } = extension['properties'];
  return { ...extension, properties };
}

function notAnObject(path: string): Refusal {
  return refuse('InvalidRequestContent', `The request content was invalid: ${path} must be a JSON object.`);
}

/** 400 for a part of a request that is not as it must be. */
export function invalid(target: string, why: string): Refusal {
  return refuse('InvalidParameter', `The value of parameter '${target}' is invalid: ${why}.`, { target });
}
