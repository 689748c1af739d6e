import type { PrincipalType } from '../../../../core/ports/directory.ts';
import { documentKey, type Write } from '../../../../core/ports/store.ts';
import { foldId } from '../../../../core/resource-id.ts';
import type { EpochMillis } from '../../../../core/time.ts';
import { formatAssignment } from './assignment-body.ts';
import { nameClaimKey, tripleClaimKey } from './claims.ts';

/** A role assignment that is made without a request. */
export interface SeededAssignment {
  readonly scope: string;
  /** The role's GUID. */
  readonly roleDefinitionId: string;
  readonly principalId: string;
  readonly principalType: PrincipalType;
  /** A GUID. */
  readonly name: string;
  readonly now: EpochMillis;
  readonly createdBy: string;
}

/** The writes that make a role assignment as a PUT would: for a first start, or beside the resource that it is about. */
export function roleAssignmentWrites({ now, createdBy, ...seeded }: SeededAssignment): readonly Write[] {
  const above = foldId(seeded.scope) === '' ? '' : seeded.scope;
  const id = `${above}/providers/Microsoft.Authorization/roleAssignments/${seeded.name}`;
  const body = formatAssignment({ ...seeded, id, description: null }, createdBy, now);
  return [
    { put: documentKey(id), body },
    { put: nameClaimKey(seeded.name), body: { id } },
    { put: tripleClaimKey(seeded), body: { id } },
  ];
}
