import { isJsonObject, type Json, type JsonObject } from '../../../../core/json.ts';
import type { PrincipalType } from '../../../../core/ports/directory.ts';
import { isGuid } from '../../../../core/rbac/guid.ts';
import { type Refusal, refuse } from '../../../../core/refusal.ts';
import type { Call } from '../../../provider-contract.ts';
import { parseRoleDefinitionId } from '../role-definitions/role-definition-id.ts';
import { parseWantedCondition } from './wanted-condition.ts';

/** What a PUT of a role assignment asks for. The scope is the URL's; a `scope` in the body is ignored. */
export interface WantedAssignment {
  readonly id: string;
  readonly name: string;
  readonly scope: string;
  /** The role's GUID. */
  readonly roleDefinitionId: string;
  readonly principalId: string;
  readonly principalType?: PrincipalType;
  readonly description: string | null;
  /** In the language of version 2.0. */
  readonly condition?: string;
  /** Kept and shown, nothing more: delegation between tenants is not played here. */
  readonly delegatedManagedIdentityResourceId: string | null;
}

const principalTypes = ['User', 'Group', 'ServicePrincipal', 'ForeignGroup', 'Device'] as const;

/** Reads a PUT. Refuses a name that is no GUID, a body that lacks the role or the principal or has them ill-formed. Its condition is not judged. */
export function parseWanted({ resourceId, params, body }: Call): WantedAssignment | Refusal {
  const name = params['roleAssignmentName'] ?? '';
  if (!isGuid(name)) {
    const message = `The role assignment ID '${name}' is not valid. The role assignment ID must be a GUID.`;
    return refuse('InvalidRoleAssignmentId', message);
  }
  if (!isJsonObject(body) || !isJsonObject(body['properties'])) {
    return refuse('InvalidRequestContent', "The request content must be an object with the property 'properties'.");
  }
  return parseProperties({ id: resourceId, name, scope: params['scope'] ?? '/' }, body['properties']);
}

type Address = Pick<WantedAssignment, 'id' | 'name' | 'scope'>;

function parseProperties(address: Address, properties: JsonObject): WantedAssignment | Refusal {
  const role = properties['roleDefinitionId'];
  const roleDefinitionId = typeof role === 'string' ? parseRoleDefinitionId(role) : undefined;
  if (roleDefinitionId === undefined) return badRole(role);
  const principalId = properties['principalId'];
  if (typeof principalId !== 'string' || !isGuid(principalId)) return badPrincipal(principalId);
  const principalType = principalTypes.find((type) => type === properties['principalType']);
  if (principalType === undefined && isGiven(properties['principalType'])) return badType(properties['principalType']);
  const condition = parseWantedCondition(properties);
  if (typeof condition === 'object') return condition;
  const type = principalType === undefined ? {} : { principalType };
  return {
    ...address,
    roleDefinitionId,
    principalId: principalId.toLowerCase(),
    ...type,
    ...(condition === undefined ? {} : { condition }),
    description: textOrNull(properties['description']),
    delegatedManagedIdentityResourceId: textOrNull(properties['delegatedManagedIdentityResourceId']) || null,
  };
}

function textOrNull(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function isGiven(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== '';
}

function badRole(role: Json | undefined): Refusal {
  const message = `The role definition ID '${shown(role)}' is not valid. It must end in the GUID of a role definition.`;
  return refuse('InvalidRoleDefinitionId', message);
}

function badPrincipal(principalId: Json | undefined): Refusal {
  const message = `A valid principal ID must be provided for role assignment; '${shown(principalId)}' is not a GUID.`;
  return refuse('InvalidPrincipalId', message);
}

function badType(type: Json | undefined): Refusal {
  const message = `The principal type '${shown(type)}' is not valid. It must be one of '${principalTypes.join(', ')}'.`;
  return refuse('InvalidRequestContent', message);
}

function shown(value: Json | undefined): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
