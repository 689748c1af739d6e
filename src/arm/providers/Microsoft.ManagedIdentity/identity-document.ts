import type { IdentityIds } from '../../../core/identity/resource-identity.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import type { Refusal } from '../../../core/refusal.ts';
import { refuse } from '../../../core/refusal.ts';

/** The full type of a user-assigned identity. */
export const identityType = 'Microsoft.ManagedIdentity/userAssignedIdentities';

/** What a user-assigned identity may say of itself in a request: whether machines of other regions may have it. */
export interface IdentitySettings {
  readonly isolationScope?: 'None' | 'Regional';
}

const name = /^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/;

/**
 * Refuses `InvalidResourceName` for a name against the rules: 3 to 128 letters, digits, `-` and `_`, a letter or digit first.
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules "Microsoft.ManagedIdentity"
 */
export function judgeName(text: string): Refusal | undefined {
  if (name.test(text)) return undefined;
  return refuse(
    'InvalidResourceName',
    `The resource name '${text}' is not valid. A user-assigned identity's name has 3 to 128 letters, digits, hyphens and underscores, and starts with a letter or digit.`,
  );
}

/** Reads a body's `properties`; what is read-only in them is ignored. Refuses `InvalidRequestContent`. */
export function parseSettings(properties: Json | undefined): IdentitySettings | Refusal {
  const scope = isJsonObject(properties) ? properties['isolationScope'] : undefined;
  if (scope === undefined || scope === null) return {};
  const known = (['None', 'Regional'] as const).find((word) => word.toLowerCase() === String(scope).toLowerCase());
  if (known !== undefined) return { isolationScope: known };
  return refuse(
    'InvalidRequestContent',
    `The isolation scope '${JSON.stringify(scope)}' is not valid. Use 'None' or 'Regional'.`,
    { target: 'properties.isolationScope' },
  );
}

/** The principal and client of a stored identity. */
export function idsOf(body: JsonObject): IdentityIds {
  const properties = isJsonObject(body['properties']) ? body['properties'] : {};
  return { principalId: String(properties['principalId']), clientId: String(properties['clientId']) };
}

/** The first api-version whose answers have `isolationScope`. */
const firstWithIsolationScope = '2024-11-30';

/** A stored identity as a caller of this api-version sees it. */
export function showIdentity(body: JsonObject, apiVersion: string): JsonObject {
  if (apiVersion.slice(0, 10) >= firstWithIsolationScope || !isJsonObject(body['properties'])) return body;
  const { isolationScope: _, ...properties } = body['properties'];
  return { ...body, properties };
}
