import type { Write } from '../../../../core/ports/store.ts';
import { isGuid, withoutDashes } from '../../../../core/rbac/guid.ts';
import type { RoleDefinition } from '../../../../core/rbac/role-definition.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { formatArmTime } from '../../../../core/time.ts';
import type { Answer, Call } from '../../../provider-contract.ts';
import type { AuthorizationContext } from '../authorization-context.ts';
import { checkScope } from '../role-assignments/check.ts';
import { checkAssignableScopes } from './assignable-scopes.ts';
import { type FoundRole, findRole, roleKey } from './find-role.ts';
import { formatRole, historyOf } from './role-body.ts';
import { claimRoleName, releaseRoleName } from './role-names.ts';
import { parseWantedRole, type WantedRole } from './wanted-role.ts';

/** The most custom roles that a tenant may have. @see Azure custom roles, "Custom role limits" */
export const maxCustomRoles = 5000;

const tries = 5;

/** PUT of a custom role: made, or changed in place with effect at once. Always 201, as Azure answers. */
export async function putRole(context: AuthorizationContext, call: Call): Promise<Answer | Refusal> {
  const guid = call.params['roleDefinitionId'] ?? '';
  const wanted = await checkWanted(context, call, guid);
  if (isRefusal(wanted)) return wanted;
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const plan = await planPut(context, call, guid, wanted);
    if (isRefusal(plan)) return plan;
    const full = plan.isNew ? checkRoom(context) : undefined;
    if (full !== undefined) return full;
    if (!('conflict' in (await context.store.transact(plan.writes)))) return { status: 201, body: plan.shown };
  }
  return refuse('Conflict', `The role definition '${guid}' is being changed by other requests. Please try again.`);
}

async function checkWanted(context: AuthorizationContext, call: Call, guid: string): Promise<WantedRole | Refusal> {
  if (!isGuid(guid)) {
    const message = `The role definition ID '${guid}' is not valid. The role definition ID must be a GUID.`;
    return refuse('InvalidRoleDefinitionId', message);
  }
  const wanted = parseWantedRole(call.body);
  if (isRefusal(wanted)) return wanted;
  const missing = await checkScope(context, call.params['scope'] ?? '/');
  return missing ?? (await checkAssignableScopes(context, wanted.assignableScopes)) ?? wanted;
}

/** Asked right before the write, so that nothing in this process can come between. */
function checkRoom({ register }: AuthorizationContext): Refusal | undefined {
  if (register.customRoles() < maxCustomRoles) return undefined;
  return refuse(
    'RoleDefinitionLimitExceeded',
    `No more role definitions can be created: the tenant has ${maxCustomRoles} custom roles.`,
  );
}

interface Plan {
  readonly writes: readonly Write[];
  readonly shown: ReturnType<typeof formatRole>;
  readonly isNew: boolean;
}

async function planPut(
  { store }: AuthorizationContext,
  call: Call,
  guid: string,
  wanted: WantedRole,
): Promise<Plan | Refusal> {
  const own = await findRole(store, guid);
  if (own?.role.type === 'BuiltInRole') return refuseBuiltIn(own.role);
  const claim = await claimRoleName(store, wanted.roleName, guid);
  if ('takenBy' in claim) return refuseName(wanted.roleName, claim.takenBy);
  const role: RoleDefinition = { id: own?.role.id ?? guid, type: 'CustomRole', ...wanted };
  const history = changedHistory(own, call);
  const put = {
    put: roleKey(guid),
    body: formatRole(role, '/', history),
    when: own?.document === undefined ? { absent: true as const } : { etag: own.document.etag },
  };
  return {
    writes: [put, claim.write, ...releaseRoleName(own?.role.roleName, wanted.roleName)],
    shown: formatRole(role, call.params['scope'] ?? '/', history),
    isNew: own === undefined,
  };
}

function changedHistory(own: FoundRole | undefined, { caller, now }: Call) {
  const changed = { updatedOn: formatArmTime(now), updatedBy: caller.objectId };
  const made = { createdOn: changed.updatedOn, createdBy: changed.updatedBy };
  return own === undefined ? { ...made, ...changed } : { ...historyOf(own.document?.body), ...changed };
}

/** Built-in roles are Azure's: nobody changes or deletes one. */
export function refuseBuiltIn({ roleName, id }: RoleDefinition): Refusal {
  const message = `The role definition '${roleName}' (${id}) is a built-in role, which cannot be changed or deleted.`;
  return refuse('RoleDefinitionUpdateNotPermitted', message);
}

function refuseName(roleName: string, takenBy: string): Refusal {
  return refuse(
    'RoleDefinitionWithSameNameExists',
    `A role definition cannot be updated with a name that already exists: '${roleName}' is the name of the role definition ${withoutDashes(takenBy)}.`,
  );
}
