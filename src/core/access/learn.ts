import type { JsonObject } from '../json.ts';
import { isRefusal } from '../refusal.ts';
import type { SignIn } from '../sign-ins/sign-in.ts';
import { judgeAccountName } from './access-names.ts';
import { wasLetThrough } from './replay.ts';

/** A profile that was learnt, ready to be a version's `properties`. */
export interface LearnedProfile {
  readonly properties: JsonObject;
  /** How many requests it was learnt from. */
  readonly total: number;
  /** How many were let through whose caller no rule can name: nobody was identified. */
  readonly unnamed: number;
}

/** Everything that asks for an identity lies below this path. */
const identityPath = '/metadata/identity';

/** What a user asked for: one privilege. */
interface Asked {
  readonly path: string;
  readonly queryParameters: Readonly<Record<string, string>>;
}

/**
 * Learns the smallest profile that allows what was let through: each user may ask for the resources and identities that it asked
 * for, and nobody for others. Users who asked for the same share a role. What is not about identities is not recorded, so that it
 * stays allowed.
 */
export class Learner {
  readonly #asked = new Map<string, Asked>();
  /** The keys of what each user asked for. */
  readonly #byUser = new Map<string, Set<string>>();
  #total = 0;
  #unnamed = 0;

  add(signIn: SignIn): void {
    this.#total += 1;
    if (!wasLetThrough(signIn) || !signIn.request.path.startsWith(identityPath)) return;
    const userName = signIn.user?.userName;
    if (userName === undefined || isRefusal(judgeAccountName(userName, 'userName'))) {
      this.#unnamed += 1;
      return;
    }
    const asked = askedBy(signIn);
    const key = JSON.stringify(asked);
    this.#asked.set(key, asked);
    const keys = this.#byUser.get(userName) ?? new Set();
    this.#byUser.set(userName, keys.add(key));
  }

  result(): LearnedProfile {
    const keys = [...this.#asked.keys()].toSorted();
    const names = new Map(keys.map((key, at) => [key, `asked-${at + 1}`]));
    const roles = this.#roles();
    return {
      properties: {
        mode: 'Enforce',
        defaultAccess: 'Allow',
        rules: {
          privileges: [
            { name: 'identity', path: identityPath },
            ...keys.map((key) => ({ name: names.get(key) ?? '', ...(this.#asked.get(key) as Asked) })),
          ],
          roles: roles.map(({ keys: held }, at) => ({
            name: `role-${at + 1}`,
            privileges: held.map((key) => names.get(key) ?? ''),
          })),
          identities: roles.flatMap(({ users }) => users.map((userName) => ({ name: userName, userName }))),
          roleAssignments: roles.map(({ users }, at) => ({ role: `role-${at + 1}`, identities: users })),
        },
      },
      total: this.#total,
      unnamed: this.#unnamed,
    };
  }

  /** Users who asked for exactly the same, together. */
  #roles(): readonly { readonly keys: readonly string[]; readonly users: readonly string[] }[] {
    const roles = new Map<string, { readonly keys: readonly string[]; readonly users: string[] }>();
    for (const userName of [...this.#byUser.keys()].toSorted()) {
      const keys = [...(this.#byUser.get(userName) ?? [])].toSorted();
      const together = JSON.stringify(keys);
      const role = roles.get(together);
      if (role === undefined) roles.set(together, { keys, users: [userName] });
      else role.users.push(userName);
    }
    return [...roles.values()];
  }
}

function askedBy({ request, identity }: SignIn): Asked {
  const { resource } = request.query;
  const queryParameters = {
    ...(resource === undefined ? {} : { resource }),
    ...(identity === undefined ? {} : { client_id: identity.clientId }),
  };
  return { path: request.path, queryParameters };
}
