import { isJsonObject, type Json } from '../json.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { foldId, parseResourceId } from '../resource-id.ts';
import { type IdentityType, parseIdentityType } from './identity-type.ts';

/** The `identity` block of a request body. */
export interface IdentityRequest {
  readonly type: IdentityType;
  /** Ids that are to be attached, each once, as written. */
  readonly listed: readonly string[];
  /** Folded ids that are to be taken off (the map's value is null). */
  readonly dropped: ReadonlySet<string>;
}

/**
 * Reads the `identity` block of a PUT or PATCH body. Refuses `InvalidRequestContent` for a wrong shape, `InvalidParameter`
 * for an unknown type or for identities that the type excludes, and `LinkedInvalidPropertyId` for an id that names no
 * user-assigned identity.
 * @see the CLI's `aaz/_field_value.py` AAZIdentityObject and `vm/operations/vm.py` VMIdentityRemove: what az sends
 */
export function parseIdentityRequest(block: Json): IdentityRequest | Refusal {
  if (!isJsonObject(block) || typeof block['type'] !== 'string') return malformed('an object with a string "type"');
  const type = parseIdentityType(block['type']);
  if (isRefusal(type)) return type;
  const map = block['userAssignedIdentities'] ?? {};
  if (!isJsonObject(map)) return malformed('"userAssignedIdentities" as an object whose keys are resource ids');
  const entries = Object.entries(map);
  const wrong = entries.find(([, value]) => value !== null && !isJsonObject(value));
  if (wrong !== undefined) return malformed(`{} or null as the value of '${wrong[0]}'`);
  const badId = entries.find(([id]) => !isUserAssignedIdentityId(id));
  if (badId !== undefined) return invalidId(badId[0]);
  const listed = entries.filter(([, value]) => value !== null).map(([id]) => id);
  if (listed.length > 0 && !type.user) return excluded(block['type']);
  const dropped = new Set(entries.filter(([, value]) => value === null).map(([id]) => foldId(id)));
  return { type, listed: uniqueById(listed), dropped };
}

/** Whether an id has the form of a user-assigned identity's. */
export function isUserAssignedIdentityId(id: string): boolean {
  const parsed = parseResourceId(id);
  const [step, ...more] = parsed?.provider?.steps ?? [];
  return (
    parsed?.resourceGroupName !== undefined &&
    parsed.provider?.namespace.toLowerCase() === 'microsoft.managedidentity' &&
    step?.type.toLowerCase() === 'userassignedidentities' &&
    more.length === 0
  );
}

function uniqueById(ids: readonly string[]): readonly string[] {
  return [...new Map(ids.map((id) => [foldId(id), id] as const)).values()];
}

function malformed(expected: string): Refusal {
  return refuse('InvalidRequestContent', `The request content was invalid: 'identity' must have ${expected}.`, {
    target: 'identity',
  });
}

function invalidId(id: string): Refusal {
  return refuse(
    'LinkedInvalidPropertyId',
    `Property id '${id}' at path 'identity.userAssignedIdentities' is invalid. Expect a fully qualified resource Id such as '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}'.`,
    { target: 'identity.userAssignedIdentities' },
  );
}

function excluded(type: string): Refusal {
  return refuse(
    'InvalidParameter',
    `ResourceIdentity identityIds should not be provided if the type is "${type}". Use 'UserAssigned' or 'SystemAssigned, UserAssigned'.`,
    { target: 'identity.userAssignedIdentities' },
  );
}
