import type { Json, JsonObject } from '../../../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { findRegion, regions } from '../../../core/regions.ts';
import { sameId } from '../../../core/resource-id.ts';
import { parseTags, type Tags } from '../../../core/tags.ts';

const namePattern = /^[\p{L}\p{N}_.()-]{1,90}$/u;

/** A group's name by the rules. Refuses `InvalidResourceGroup`. @see the resource naming rules, Microsoft.Resources */
export function checkGroupName(name: string): Refusal | undefined {
  if (namePattern.test(name) && !name.endsWith('.')) return undefined;
  return refuse(
    'InvalidResourceGroup',
    `The provided resource group name '${name}' is invalid. It must have 1 to 90 characters, each a letter, digit, '-', '.', '(', ')' or '_', and must not end with '.'.`,
  );
}

/** The group that a PUT leaves behind; `existing` is what it replaces. Its id and name keep the spelling of the first PUT. */
export function planGroup(id: string, name: string, body: JsonObject, existing?: JsonObject): JsonObject | Refusal {
  const location = planLocation(body['location'], existing);
  if (isRefusal(location)) return location;
  const tags = parseTags(body['tags']);
  if (isRefusal(tags)) return tags;
  return formatGroup(
    existing?.['id'] ?? id,
    existing?.['name'] ?? name,
    location,
    'tags' in body ? tags : undefined,
    managedBy(body),
  );
}

/** The group that a PATCH leaves behind: tags, when given, replace the set. */
export function patchGroup(body: JsonObject, existing: JsonObject): JsonObject | Refusal {
  if (body['location'] !== undefined) {
    const location = planLocation(body['location'], existing);
    if (isRefusal(location)) return location;
  }
  if (body['name'] !== undefined && !sameId(String(body['name']), String(existing['name']))) {
    return refuse(
      'InvalidParameter',
      `A resource group cannot be renamed: '${body['name']}' is not '${existing['name']}'.`,
    );
  }
  const tags = parseTags(body['tags']);
  if (isRefusal(tags)) return tags;
  return { ...existing, ...('tags' in body ? { tags } : {}), ...managedBy(body) };
}

/** The group in another provisioning state. */
export function withState(group: JsonObject, provisioningState: 'Deleting' | 'Succeeded'): JsonObject {
  return { ...group, properties: { provisioningState } };
}

function formatGroup(id: Json, name: Json, location: string, tags: Tags | undefined, more: JsonObject): JsonObject {
  return {
    id,
    name,
    type: 'Microsoft.Resources/resourceGroups',
    location,
    ...(tags === undefined ? {} : { tags }),
    ...more,
    properties: { provisioningState: 'Succeeded' },
  };
}

function managedBy(body: JsonObject): JsonObject {
  return typeof body['managedBy'] === 'string' ? { managedBy: body['managedBy'] } : {};
}

function planLocation(value: Json | undefined, existing?: JsonObject): string | Refusal {
  if (value === undefined || value === null || value === '') {
    return refuse('LocationRequired', 'The location property is required for this definition.');
  }
  if (typeof value !== 'string') return refuse('InvalidRequestContent', "The 'location' property must be a string.");
  const region = findRegion(value);
  if (existing !== undefined && region?.name !== existing['location'])
    return moved(value, String(existing['location']));
  return region?.name ?? unavailable(value);
}

function moved(asked: string, held: string): Refusal {
  return refuse(
    'InvalidResourceGroupLocation',
    `Invalid resource group location '${asked}'. The Resource group already exists in location '${held}'.`,
  );
}

function unavailable(location: string): Refusal {
  const known = regions.map((region) => region.name).join(',');
  return refuse(
    'LocationNotAvailableForResourceGroup',
    `The provided location '${location}' is not available for resource group. List of available regions is '${known}'.`,
  );
}
