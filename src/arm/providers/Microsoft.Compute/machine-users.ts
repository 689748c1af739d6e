import type { MachineSpec } from '../../../core/ports/machine-host.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import type { Tags } from '../../../core/tags.ts';
import { parseGroups } from './machine-groups.ts';

/** The tag that names more users of a machine than its administrator, by commas or spaces. Our own. */
export const usersTag = 'postern-users';

/** The tag that names groups of those users: `deploy=bob,carol ops=alice`. Our own. */
export const groupsTag = 'postern-groups';

/** The administrator of a machine whose request names none: the CLI's default on Azure's own images. */
export const defaultAdministrator = 'azureuser';

/** Who is on a machine: its login names, the administrator first, and the groups that they are in beside their own. */
export type MachineAccounts = Pick<MachineSpec, 'users' | 'groups'>;

const login = /^[a-z_][a-z0-9_-]{0,30}$/;

/** Refuses `InvalidParameter` for what cannot be a login name on Linux; `root` is every machine's own. */
export function judgeLogin(name: string, target: string): Refusal | undefined {
  if (login.test(name) && name !== 'root') return undefined;
  return refuse(
    'InvalidParameter',
    `The user name '${name}' is not allowed. Use 1 to 31 of a-z, 0-9, '-' and '_', beginning with a letter or '_', and not 'root'.`,
    { target },
  );
}

/** Every account of a machine. Refuses `InvalidParameter`. */
export function parseAccounts(administrator: string, tags: Tags): MachineAccounts | Refusal {
  const more = textOf(tags, usersTag)
    .split(/[\s,]+/)
    .filter((name) => name !== '');
  const wrong =
    judgeLogin(administrator, 'osProfile.adminUsername') ??
    more.map((name) => judgeLogin(name, `tags.${usersTag}`)).find((refusal) => refusal !== undefined);
  if (wrong !== undefined) return wrong;
  const users = [...new Set([administrator, ...more])];
  const groups = parseGroups(textOf(tags, groupsTag), users, `tags.${groupsTag}`);
  return isRefusal(groups) ? groups : { users, groups };
}

/** Tag names have no letter case. */
function textOf(tags: Tags, tag: string): string {
  return Object.entries(tags).find(([name]) => name.toLowerCase() === tag)?.[1] ?? '';
}
