import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { nameOf } from '../resource-id.ts';
import type { EpochMillis } from '../time.ts';
import { isGuid } from './guid.ts';
import type { AssignmentTerms, DenyAssignment, RoleAssignment } from './role-assignment.ts';
import type { Permission, RoleDefinition } from './role-definition.ts';

const principalTypes = ['User', 'Group', 'ServicePrincipal', 'ForeignGroup', 'Device'] as const;

/** The kinds of stored documents that access is decided from. */
export const accessDocumentKinds = ['roleassignments', 'denyassignments', 'roledefinitions'] as const;

/** One of those kinds. */
export type AccessDocumentKind = (typeof accessDocumentKinds)[number];

const kindPattern = /\/providers\/microsoft\.authorization\/(roleassignments|denyassignments|roledefinitions)\/[^/]+$/;

/** What kind of access document a store key addresses; undefined for any other document. */
export function accessDocumentKind(key: string): AccessDocumentKind | undefined {
  return kindPattern.exec(key)?.[1] as AccessDocumentKind | undefined;
}

/** Reads a stored role assignment; undefined when it is not one. Its role is named by GUID, without the scope. */
export function parseRoleAssignment(body: JsonObject): RoleAssignment | undefined {
  const properties = body['properties'];
  if (!isJsonObject(properties)) return undefined;
  const id = text(body['id']);
  const roleDefinitionId = text(properties['roleDefinitionId']);
  const principalId = text(properties['principalId']);
  if (!isGuid(nameOf(id)) || roleDefinitionId === '' || principalId === '') return undefined;
  const principalType = principalTypes.find((type) => type === properties['principalType']) ?? 'ServicePrincipal';
  const scope = text(properties['scope']) || '/';
  const terms = termsOf(body, properties);
  return { id, scope, roleDefinitionId: nameOf(roleDefinitionId), principalId, principalType, ...terms };
}

/**
 * The part of a role assignment's document that says when it is in force: `inForce: { startsAt, endsAt }` in milliseconds, each
 * optional. It stands beside `properties`, and no client is shown it: Azure's role assignments have no times of their own.
 */
export function formatInForce({ startsAt, endsAt }: AssignmentTerms): { readonly inForce?: JsonObject } {
  if (startsAt === undefined && endsAt === undefined) return {};
  return {
    inForce: { ...(startsAt === undefined ? {} : { startsAt }), ...(endsAt === undefined ? {} : { endsAt }) },
  };
}

function termsOf(body: JsonObject, properties: JsonObject): AssignmentTerms {
  const condition = text(properties['condition']);
  const inForce = isJsonObject(body['inForce']) ? body['inForce'] : {};
  const { startsAt, endsAt } = inForce;
  return {
    ...(condition === '' ? {} : { condition }),
    ...(typeof startsAt === 'number' ? { startsAt: startsAt as EpochMillis } : {}),
    ...(typeof endsAt === 'number' ? { endsAt: endsAt as EpochMillis } : {}),
  };
}

/**
 * Reads a stored deny assignment; undefined when it is not one. `stackId` stands beside `properties`, and no client is shown it:
 * Azure's deny assignments name their stack in words alone.
 */
export function parseDenyAssignment(body: JsonObject): DenyAssignment | undefined {
  const properties = body['properties'];
  const id = text(body['id']);
  if (!isJsonObject(properties) || id === '') return undefined;
  const stackId = text(body['stackId']);
  return {
    id,
    name: text(properties['denyAssignmentName']) || nameOf(id),
    scope: text(properties['scope']) || '/',
    doNotApplyToChildScopes: properties['doNotApplyToChildScopes'] === true,
    principals: objects(properties['principals']).map((principal) => text(principal['id'])),
    excludePrincipals: objects(properties['excludePrincipals']).map((principal) => text(principal['id'])),
    permissions: objects(properties['permissions']).map(parsePermission),
    ...(stackId === '' ? {} : { stackId }),
  };
}

/** Reads a role definition in its wire shape (`properties.type` is the role's type); undefined when it is not one. */
export function parseRoleDefinition(body: JsonObject): RoleDefinition | undefined {
  const properties = body['properties'];
  const id = text(body['name']);
  if (!isJsonObject(properties) || id === '') return undefined;
  return {
    id,
    roleName: text(properties['roleName']),
    type: properties['type'] === 'BuiltInRole' ? 'BuiltInRole' : 'CustomRole',
    description: text(properties['description']),
    assignableScopes: texts(properties['assignableScopes']),
    permissions: objects(properties['permissions']).map(parsePermission),
  };
}

/** Reads one entry of `permissions`; what is no text in its lists is left out. */
export function parsePermission(permission: JsonObject): Permission {
  return {
    actions: texts(permission['actions']),
    notActions: texts(permission['notActions']),
    dataActions: texts(permission['dataActions']),
    notDataActions: texts(permission['notDataActions']),
    ...conditionOf(permission),
  };
}

function conditionOf(permission: JsonObject): Pick<Permission, 'condition' | 'conditionVersion'> {
  const condition = text(permission['condition']);
  return condition === '' ? {} : { condition, conditionVersion: text(permission['conditionVersion']) || '2.0' };
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function texts(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function objects(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
