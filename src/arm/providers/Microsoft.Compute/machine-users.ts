import { type Refusal, refuse } from '../../../core/refusal.ts';
import type { Tags } from '../../../core/tags.ts';

/** The tag that names more users of a machine than its administrator, by commas or spaces. Our own. */
export const usersTag = 'postern-users';

/** The administrator of a machine whose request names none: the CLI's default on Azure's own images. */
export const defaultAdministrator = 'azureuser';

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

/** Every login name of a machine, the administrator first. Refuses `InvalidParameter`. */
export function parseUsers(administrator: string, tags: Tags): readonly string[] | Refusal {
  const tag = Object.entries(tags).find(([name]) => name.toLowerCase() === usersTag)?.[1] ?? '';
  const more = tag.split(/[\s,]+/).filter((name) => name !== '');
  const wrong =
    judgeLogin(administrator, 'osProfile.adminUsername') ??
    more.map((name) => judgeLogin(name, `tags.${usersTag}`)).find((refusal) => refusal !== undefined);
  return wrong ?? [...new Set([administrator, ...more])];
}
