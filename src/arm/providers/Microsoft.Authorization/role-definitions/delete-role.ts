import { type Refusal, refuse } from '../../../../core/refusal.ts';
import type { Answer, Call } from '../../../provider-contract.ts';
import type { AuthorizationContext } from '../authorization-context.ts';
import { findRole } from './find-role.ts';
import { refuseBuiltIn } from './put-role.ts';
import { presentRole } from './role-body.ts';
import { releaseRoleName } from './role-names.ts';

const tries = 5;

/** DELETE of a custom role: 200 with what it was, 204 when there is none. One that is assigned somewhere stays. */
export async function deleteRole({ store, register }: AuthorizationContext, call: Call): Promise<Answer | Refusal> {
  const guid = call.params['roleDefinitionId'] ?? '';
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const found = await findRole(store, guid);
    if (found === undefined) return { status: 204 };
    if (found.document === undefined || found.role.type === 'BuiltInRole') return refuseBuiltIn(found.role);
    if (register.assignmentsOfRole(guid) > 0) {
      const message = 'There are existing role assignments referencing role (code: RoleDefinitionHasAssignments).';
      return refuse('RoleDefinitionHasAssignments', message);
    }
    const { key, etag } = found.document;
    const writes = [{ remove: key, when: { etag } }, ...releaseRoleName(found.role.roleName, undefined)];
    if ('conflict' in (await store.transact(writes))) continue;
    return { status: 200, body: presentRole(found, call.params['scope'] ?? '/') };
  }
  return refuse('Conflict', `The role definition '${guid}' is being changed by other requests. Please try again.`);
}
