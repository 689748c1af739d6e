import type { SignIn } from '../sign-ins/sign-in.ts';
import type { EpochMillis } from '../time.ts';
import type { AccessDecider } from './decide-access.ts';
import { replay, wasLetThrough } from './replay.ts';
import type { ResourceReadings } from './resource-names.ts';

/** What a draft of a profile would have made of what really happened. */
export interface Simulation {
  /** How many requests were gone through. */
  readonly total: number;
  /** Those for which the draft decides otherwise, alike ones together; the most frequent first. */
  readonly changes: readonly SimulatedChange[];
}

/** Requests of one user for one thing, for which a draft decides otherwise than was decided. */
export interface SimulatedChange {
  /** Undefined where the caller was not identified. */
  readonly userName?: string;
  readonly path: string;
  readonly resource?: string;
  readonly identityResourceId?: string;
  /** `undetermined` where the draft asks for the program, which was not recorded. */
  readonly now: 'allowed' | 'denied' | 'undetermined';
  readonly rule: string;
  readonly count: number;
  readonly last: EpochMillis;
}

/** Goes through what happened with a draft, each request at its own time. */
export class Simulator {
  readonly #decider: AccessDecider;
  readonly #readResource: (resource: string) => ResourceReadings;
  readonly #changes = new Map<string, SimulatedChange>();
  #total = 0;

  constructor(decider: AccessDecider, readResource: (resource: string) => ResourceReadings) {
    this.#decider = decider;
    this.#readResource = readResource;
  }

  add(signIn: SignIn): void {
    this.#total += 1;
    const decided = replay(this.#decider, signIn, this.#readResource);
    const now = decided === 'process' ? 'undetermined' : decided.decision === 'Allow' ? 'allowed' : 'denied';
    if (now === (wasLetThrough(signIn) ? 'allowed' : 'denied')) return;
    const rule = decided === 'process' ? 'a rule names a program, and none was recorded' : decided.rule;
    this.#note(signIn, now, rule);
  }

  result(): Simulation {
    return { total: this.#total, changes: [...this.#changes.values()].toSorted((a, b) => b.count - a.count) };
  }

  #note({ user, request, identity, time }: SignIn, now: SimulatedChange['now'], rule: string): void {
    const { resource } = request.query;
    const what = {
      ...(user === undefined ? {} : { userName: user.userName }),
      path: request.path,
      ...(resource === undefined ? {} : { resource }),
      ...(identity === undefined ? {} : { identityResourceId: identity.resourceId }),
      now,
      rule,
    };
    const key = JSON.stringify(what);
    const before = this.#changes.get(key);
    const last = Math.max(before?.last ?? 0, time) as EpochMillis;
    this.#changes.set(key, { ...what, count: (before?.count ?? 0) + 1, last });
  }
}
