import { specOf } from '../../arm/providers/Microsoft.Compute/machine-document.ts';
import type { LocalUser } from '../../core/access/caller.ts';
import { documentKey, type Store } from '../../core/ports/store.ts';

/** A user of a machine as access control would call it, and whether the machine has it. */
export interface DescribedUser {
  readonly user: LocalUser;
  readonly exists: boolean;
}

/**
 * Who would ask under this name on a machine: in the groups that the machine has it in, and in more groups that it is thought to be in.
 * One whom the machine does not have is thought to be in no other.
 */
export async function describeUser(
  store: Store,
  machineResourceId: string,
  userName: string,
  groupNames: readonly string[],
): Promise<DescribedUser> {
  const machine = await store.get(documentKey(machineResourceId));
  const spec = machine === undefined ? undefined : specOf(machine);
  const groups = spec?.groups ?? [];
  const exists = userName === 'root' || spec?.users.includes(userName) === true;
  const itsGroups = groups.filter(({ members }) => members.includes(userName)).map(({ name }) => name);
  const names = [...(exists ? [userName, ...itsGroups] : []), ...groupNames];
  return { exists, user: { uid: -1, userName, groupNames: [...new Set(names)] } };
}
