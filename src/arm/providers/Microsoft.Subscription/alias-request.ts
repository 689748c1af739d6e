import { isJsonObject, type Json } from '../../../core/json.ts';
import { managementGroupOf } from '../../../core/management/management-group.ts';
import { isGuid } from '../../../core/rbac/guid.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { parseTags, type Tags } from '../../../core/tags.ts';

/** What a PUT of an alias asks for: a new subscription, or a name for one that there is. */
export interface AliasRequest {
  readonly displayName?: string;
  readonly workload: 'Production' | 'DevTest';
  readonly billingScope?: string;
  readonly subscriptionId?: string;
  /** The name of the management group in which a new one is to lie. */
  readonly managementGroup?: string;
  /** The object id of who is to own a new one; default the caller. */
  readonly ownerId?: string;
  readonly tags?: Tags;
}

const namePattern = /^[a-z0-9][a-z0-9._-]{0,62}$/i;
const longestDisplayName = 64;

/** Reads a PUT of an alias in this tenant. Refuses `InvalidRequestContent`, and what is wrong with tags. */
export function parseAliasRequest(name: string, body: Json | undefined, tenantId: string): AliasRequest | Refusal {
  if (!namePattern.test(name)) {
    return invalid(`The alias '${name}' must have 1 to 63 characters, each a letter, digit, '-', '_' or '.'.`);
  }
  const properties = isJsonObject(body) ? body['properties'] : undefined;
  if (!isJsonObject(properties))
    return invalid("The request content must be an object with the property 'properties'.");
  const subscriptionId = textOf(properties['subscriptionId']);
  const displayName = textOf(properties['displayName']);
  const workload = (['Production', 'DevTest'] as const).find((one) => one === (properties['workload'] ?? 'Production'));
  const billingScope = textOf(properties['billingScope']);
  if (workload === undefined) return invalid("The 'workload' of a subscription is 'Production' or 'DevTest'.");
  if (subscriptionId !== undefined && !isGuid(subscriptionId))
    return invalid(`'${subscriptionId}' is no subscription id.`);
  if (subscriptionId === undefined && (displayName === undefined || displayName.length > longestDisplayName)) {
    return invalid(`A new subscription needs a 'displayName' of 1 to ${longestDisplayName} characters.`);
  }
  const more = parseAdditional(properties['additionalProperties'], tenantId);
  if (isRefusal(more)) return more;
  return {
    workload,
    ...more,
    ...(displayName === undefined ? {} : { displayName }),
    ...(billingScope === undefined ? {} : { billingScope }),
    ...(subscriptionId === undefined ? {} : { subscriptionId: subscriptionId.toLowerCase() }),
  };
}

type Additional = Pick<AliasRequest, 'managementGroup' | 'ownerId' | 'tags'>;

function parseAdditional(value: Json | undefined, tenantId: string): Additional | Refusal {
  const given = isJsonObject(value) ? value : {};
  const tenant = textOf(given['subscriptionTenantId']);
  if (tenant !== undefined && tenant.toLowerCase() !== tenantId.toLowerCase()) {
    return invalid(`A subscription cannot be made in the tenant '${tenant}': there is '${tenantId}' alone.`);
  }
  const groupId = textOf(given['managementGroupId']);
  const managementGroup = groupId === undefined ? undefined : managementGroupOf(groupId.toLowerCase());
  if (groupId !== undefined && managementGroup === undefined) return invalid(`'${groupId}' is no management group.`);
  const tags = parseTags(given['tags']);
  if (isRefusal(tags)) return tags;
  const ownerId = textOf(given['subscriptionOwnerId']);
  return {
    ...(managementGroup === undefined ? {} : { managementGroup }),
    ...(ownerId === undefined ? {} : { ownerId }),
    ...(given['tags'] === undefined || given['tags'] === null ? {} : { tags }),
  };
}

/** Null and the empty text are as good as nothing: clients send them. */
function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function invalid(message: string): Refusal {
  return refuse('InvalidRequestContent', message);
}
