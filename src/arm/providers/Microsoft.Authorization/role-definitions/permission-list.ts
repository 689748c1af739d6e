import { isJsonObject, type Json, type JsonObject } from '../../../../core/json.ts';
import { parsePermission } from '../../../../core/rbac/documents.ts';
import type { Permission } from '../../../../core/rbac/role-definition.ts';
import { isRefusal, type Refusal } from '../../../../core/refusal.ts';
import { flaw } from './flaw.ts';

/** How a permission's strings are checked: those of a role written here as Azure checks them; imported ones for their shape alone. */
export type Strictness = 'written' | 'imported';

// Our own bounds: Azure's longest permission string has 139 characters, its largest role 269 of them.
const maxLength = 512;
const maxStrings = 2048;

const lists = ['actions', 'notActions', 'dataActions', 'notDataActions'] as const;

/**
 * Reads `permissions`. Refuses strings that are no permissions (`InvalidActionOrNotAction`, `InvalidDataActionOrNotDataAction`)
 * and a role that allows nothing. What is allowed and taken back again is the writer's own affair, as in Azure.
 */
export function parsePermissions(value: Json | undefined, strictness: Strictness): readonly Permission[] | Refusal {
  if (!Array.isArray(value) || (value.length === 0 && strictness === 'written')) {
    return flaw('InvalidRequestContent', 'permissions', 'it must be a list with at least one entry.');
  }
  const refusal = value.map((entry, at) => checkPermission(entry, `permissions[${at}]`, strictness)).find(isRefusal);
  if (refusal !== undefined) return refusal;
  const permissions = (value as readonly JsonObject[]).map(parsePermission);
  return checkSize(permissions, strictness) ?? permissions;
}

/** Azure has built-in roles that allow nothing. */
function checkSize(permissions: readonly Permission[], strictness: Strictness): Refusal | undefined {
  const count = permissions.reduce((sum, one) => sum + lists.reduce((n, list) => n + one[list].length, 0), 0);
  if (count > maxStrings) {
    return flaw('InvalidRequestContent', 'permissions', `it has ${count} strings; at most ${maxStrings} are kept.`);
  }
  if (strictness === 'imported') return undefined;
  if (permissions.some(({ actions, dataActions }) => actions.length + dataActions.length > 0)) return undefined;
  return flaw('InvalidActionOrNotAction', 'permissions', 'a role must have at least one action or data action.');
}

function checkPermission(entry: Json, property: string, strictness: Strictness): Refusal | undefined {
  if (!isJsonObject(entry)) return flaw('InvalidRequestContent', property, 'it must be an object with actions.');
  if (strictness === 'written' && isGiven(entry['condition'])) {
    return flaw('InvalidRequestContent', `${property}.condition`, 'conditions are not supported in custom roles.');
  }
  return lists.map((list) => checkList(entry[list], list, `${property}.${list}`, strictness)).find(isRefusal);
}

function checkList(
  value: Json | undefined,
  list: (typeof lists)[number],
  property: string,
  strictness: Strictness,
): Refusal | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) return flaw('InvalidRequestContent', property, 'it must be a list of texts.');
  const isData = list === 'dataActions' || list === 'notDataActions';
  const code = isData ? 'InvalidDataActionOrNotDataAction' : 'InvalidActionOrNotAction';
  for (const [at, written] of (value as readonly Json[]).entries()) {
    const problem = problemOf(written, strictness);
    if (problem !== undefined) return flaw(code, `${property}[${at}]`, problem);
  }
  return undefined;
}

const example = 'it must be like Microsoft.Compute/virtualMachines/read';
const segments = /^(?:\*|[\w.$:{}*-]+(?:\/[\w.$:{}*-]+)+)$/;
const verb = /(?:\/(?:read|write|delete|action)|\*[^/]*)$/i;

function problemOf(written: Json, strictness: Strictness): string | undefined {
  if (typeof written !== 'string') return `${example}.`;
  if (written.trim() === '') return `it is empty; ${example}.`;
  if (written.length > maxLength) return `it has ${written.length} characters; at most ${maxLength} are allowed.`;
  if (strictness === 'imported') return undefined;
  if (!segments.test(written)) return `'${written}' is not a permission; ${example}.`;
  // @see Azure custom roles, "Custom role limits"
  if (written.split('*').length > 2) return `'${written}' has more than one wildcard (*); it may have one.`;
  if (!verb.test(written)) return `'${written}' must end in read, write, delete, action or a wildcard (*).`;
  return undefined;
}

function isGiven(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== '';
}
