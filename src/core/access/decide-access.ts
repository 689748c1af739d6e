import { BoundedMap } from '../bounded-map.ts';
import type { EpochMillis } from '../time.ts';
import { type AccessIdentity, type AccessPrivilege, type AccessProfile, namesProgram } from './access-profile.ts';
import type { CallerProcess, LocalUser } from './caller.ts';
import type { CanonicalRequest } from './canonical-request.ts';
import { isMatch, PrivilegeIndex, type RequestReading, readRequest } from './privilege-index.ts';
import { isOpen } from './recurring-window.ts';
import type { ResourceReadings } from './resource-names.ts';

/** A request that a known user makes. */
export interface AccessQuestion {
  readonly request: CanonicalRequest;
  /** The names of the resource, for a request that names one. */
  readonly resource?: ResourceReadings;
  readonly user: LocalUser;
  /** Undefined: not looked for yet. `unknown`: cannot be said, and so no identity that names a program is the caller's. */
  readonly process?: CallerProcess | 'unknown';
}

/** What a profile says, in words with its own names. */
export interface AccessDecision {
  readonly decision: 'Allow' | 'Deny';
  readonly rule: string;
}

/** What holds a privilege for a caller. */
interface Holding {
  readonly role: string;
  readonly identity: AccessIdentity;
}

/** What one user holds: by its names alone, and further identities that depend on the program. */
interface Holdings {
  readonly held: ReadonlyMap<AccessPrivilege, Holding>;
  readonly byProgram: ReadonlyMap<AccessPrivilege, readonly Holding[]>;
}

/**
 * A profile made ready for deciding. Answers `process` where the decision hangs on the caller's program and it was not given.
 * A request that matches some privilege needs an identity that is assigned a role with a matching privilege; one that matches
 * none gets `defaultAccess`.
 */
export class AccessDecider {
  readonly profile: AccessProfile;
  readonly #index: PrivilegeIndex;
  readonly #assigned = new Map<string, { readonly grant: number; readonly identity: AccessIdentity }[]>();
  readonly #holdings = new BoundedMap<string, Holdings>(1024);

  constructor(profile: AccessProfile) {
    this.profile = profile;
    this.#index = new PrivilegeIndex(profile.privileges);
    for (const [grant, { identities }] of profile.grants.entries()) {
      for (const identity of identities) {
        const key = assignmentKey(identity);
        const same = this.#assigned.get(key);
        if (same === undefined) this.#assigned.set(key, [{ grant, identity }]);
        else same.push({ grant, identity });
      }
    }
  }

  decide(question: AccessQuestion, now: EpochMillis): AccessDecision | 'process' {
    const readings = question.resource ?? [undefined];
    let last: AccessDecision | 'process' | undefined;
    for (const names of readings) {
      last = this.#decideReading(readRequest(question.request, names), question, now);
      if (last === 'process' || last.decision === 'Deny') return last;
    }
    return last ?? { decision: 'Deny', rule: 'the request means nothing' };
  }

  #decideReading(request: RequestReading, question: AccessQuestion, now: EpochMillis): AccessDecision | 'process' {
    const some = this.#index.matching(request).next().value;
    const { defaultAccess, windows } = this.profile;
    if (some === undefined) return { decision: defaultAccess, rule: `defaultAccess ${defaultAccess}` };
    if (windows.length > 0 && !windows.some((window) => isOpen(window, now))) {
      const texts = windows.map(({ text }) => `'${text}'`).join(', ');
      return { decision: 'Deny', rule: `privilege '${some.name}' outside recurringWindows ${texts}` };
    }
    const found = this.#find(request, question);
    if (found === 'process') return 'process';
    if (found !== undefined) return allow(found.privilege, found.holding);
    const { name } = this.#index.closest(request) ?? some;
    return { decision: 'Deny', rule: `privilege '${name}' needs a role that '${question.user.userName}' lacks` };
  }

  /** A privilege of the request that the caller holds. Goes through the smaller of what matches and what is held. */
  #find(request: RequestReading, question: AccessQuestion) {
    const { held, byProgram } = this.#holdingsOf(question.user);
    const asksProgram = question.process === undefined;
    let mayDepend = false;
    const candidates = held.size + byProgram.size < few ? [...held.keys(), ...byProgram.keys()] : undefined;
    for (const privilege of candidates ?? this.#index.matching(request)) {
      if (candidates !== undefined && !isMatch(privilege, request)) continue;
      const holding = held.get(privilege);
      if (holding !== undefined) return { privilege, holding };
      const further = byProgram.get(privilege);
      if (further === undefined) continue;
      mayDepend = true;
      const fitting = further.find(({ identity }) => runs(question.process, identity));
      if (fitting !== undefined) return { privilege, holding: fitting };
    }
    return mayDepend && asksProgram ? ('process' as const) : undefined;
  }

  #holdingsOf(user: LocalUser): Holdings {
    const key = `${user.userName}\n${user.groupNames.join('\n')}`;
    const known = this.#holdings.get(key);
    if (known !== undefined) return known;
    const holdings = this.#workOut(user);
    this.#holdings.set(key, holdings);
    return holdings;
  }

  #workOut(user: LocalUser): Holdings {
    const held = new Map<AccessPrivilege, Holding>();
    const byProgram = new Map<AccessPrivilege, Holding[]>();
    const keys = [`u:${user.userName}`, ...user.groupNames.map((name) => `g:${name}`), ''];
    for (const { grant, identity } of keys.flatMap((key) => this.#assigned.get(key) ?? [])) {
      if (identity.groupName !== undefined && !user.groupNames.includes(identity.groupName)) continue;
      const { role, privileges } = this.profile.grants[grant] as AccessProfile['grants'][number];
      for (const privilege of privileges) {
        const dependent = byProgram.get(privilege);
        if (!namesProgram(identity)) held.set(privilege, held.get(privilege) ?? { role, identity });
        else if (dependent === undefined) byProgram.set(privilege, [{ role, identity }]);
        else dependent.push({ role, identity });
      }
    }
    return { held, byProgram };
  }
}

/** Below this, what a caller holds is gone through rather than what matches. */
const few = 32;

/** The one field by which an identity is found: its user, else its group, else nothing. */
function assignmentKey({ userName, groupName }: AccessIdentity): string {
  if (userName !== undefined) return `u:${userName}`;
  return groupName === undefined ? '' : `g:${groupName}`;
}

function runs(program: AccessQuestion['process'], { exePath, processName }: AccessIdentity): boolean {
  if (program === undefined || program === 'unknown') return false;
  return (
    (exePath === undefined || exePath === program.exePath) &&
    (processName === undefined || processName === program.processName)
  );
}

function allow(privilege: AccessPrivilege, { role, identity }: Holding): AccessDecision {
  return { decision: 'Allow', rule: `role '${role}' by privilege '${privilege.name}' for identity '${identity.name}'` };
}
