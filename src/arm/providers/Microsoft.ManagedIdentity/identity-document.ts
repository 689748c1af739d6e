import type { IdentityIds } from '../../../core/identity/resource-identity.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';

/** The full type of a user-assigned identity. */
export const identityType = 'Microsoft.ManagedIdentity/userAssignedIdentities';

/** What a user-assigned identity may say of itself in a request: which resources may have it. */
export interface IdentitySettings {
  readonly isolationScope?: 'None' | 'Regional';
  /** Namespaces or types; none means all. */
  readonly assignmentRestrictions?: { readonly providers: readonly string[] };
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
  if (properties !== undefined && properties !== null && !isJsonObject(properties)) {
    return malformed('properties', 'an object');
  }
  const isolation = parseIsolation(properties?.['isolationScope']);
  if (isRefusal(isolation)) return isolation;
  const restrictions = parseRestrictions(properties?.['assignmentRestrictions']);
  return isRefusal(restrictions) ? restrictions : { ...isolation, ...restrictions };
}

function parseIsolation(scope: Json | undefined): IdentitySettings | Refusal {
  if (scope === undefined || scope === null) return {};
  const known = (['None', 'Regional'] as const).find((word) => word.toLowerCase() === String(scope).toLowerCase());
  if (known !== undefined) return { isolationScope: known };
  return refuse(
    'InvalidRequestContent',
    `The isolation scope ${JSON.stringify(scope)} is not valid. Use 'None' or 'Regional'.`,
    { target: 'properties.isolationScope' },
  );
}

/** `Microsoft.Compute`, `Microsoft.Web/sites`. */
const providerPattern = /^[A-Za-z][\w.]*(\/[A-Za-z][\w.-]*)*$/;

function parseRestrictions(restrictions: Json | undefined): IdentitySettings | Refusal {
  if (restrictions === undefined || restrictions === null) return {};
  const providers = isJsonObject(restrictions) ? (restrictions['providers'] ?? []) : undefined;
  if (!Array.isArray(providers)) return malformed('properties.assignmentRestrictions.providers', 'an array of strings');
  const wrong = providers.find((provider) => typeof provider !== 'string' || !providerPattern.test(provider));
  if (wrong === undefined) return { assignmentRestrictions: { providers: providers.map(String) } };
  return malformed(
    'properties.assignmentRestrictions.providers',
    `an array of namespaces or types such as 'Microsoft.Compute' or 'Microsoft.Web/sites', which ${JSON.stringify(wrong)} is not`,
  );
}

function malformed(path: string, expected: string): Refusal {
  return refuse('InvalidRequestContent', `The request content was invalid: '${path}' must be ${expected}.`, {
    target: path,
  });
}

/** The principal and client of a stored identity. */
export function idsOf(body: JsonObject): IdentityIds {
  const properties = isJsonObject(body['properties']) ? body['properties'] : {};
  return { principalId: String(properties['principalId']), clientId: String(properties['clientId']) };
}

/** The first api-versions whose answers have a setting. @see Microsoft.ManagedIdentity, models.tsp, `@added` */
const firstWith = { isolationScope: '2024-11-30', assignmentRestrictions: '2025-05-31' } as const;

/** A stored identity as a caller of this api-version sees it. */
export function showIdentity(body: JsonObject, apiVersion: string): JsonObject {
  const date = apiVersion.slice(0, 10);
  const later = Object.entries(firstWith).flatMap(([name, first]) => (date < first ? [name] : []));
  if (later.length === 0 || !isJsonObject(body['properties'])) return body;
  const properties = Object.entries(body['properties']).filter(([name]) => !later.includes(name));
  return { ...body, properties: Object.fromEntries(properties) };
}
