import type { LocalUser } from '../core/access/caller.ts';
import type { AccessVerdict } from '../core/ports/access-guard.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { nameOf } from '../core/resource-id.ts';

/**
 * What a denied caller is told: who was denied, by what, and whom to ask. Undefined where nothing stands against the request. In
 * `Enforce` nobody passes who cannot be identified. Refuses `imdsAccessDenied`.
 */
export function findDenial(
  verdict: AccessVerdict | undefined,
  user: LocalUser | undefined,
  machineResourceId: string,
): Refusal | undefined {
  if (verdict?.mode !== 'Enforce' || (verdict.decision === 'Allow' && user !== undefined)) return undefined;
  const machine = nameOf(machineResourceId);
  const who =
    user === undefined
      ? `This caller, whose user cannot be identified, is denied by the in-VM access control of the machine '${machine}'`
      : `The user '${user.userName}' (uid ${user.uid}) is denied this request by the in-VM access control of the machine '${machine}'`;
  const profile = verdict.profileVersionId === undefined ? '' : ` in the profile ${verdict.profileVersionId}`;
  return refuse(
    'imdsAccessDenied',
    `${who}: ${verdict.rule}${profile}. Ask whoever administers that machine's access control profile for access.`,
  );
}
