import type { VerifiedToken } from '../ports/token-verifier.ts';
import { sameId } from '../resource-id.ts';
import type { EpochMillis } from '../time.ts';

/** What an attribute is of: a text, a number, a truth value, or several texts or numbers. */
export type AttributeValue = string | number | boolean | readonly (string | number)[];

/** Attributes by folded name: `microsoft.authorization/roleassignments:principalid`. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** The machine's user who acts: what a token's `act` says, or what an operator asks about. */
export interface ActingUser {
  readonly userName: string;
  readonly uid?: number;
}

/** What is known of a request beside who asks for what and where: windows and conditions of role assignments are judged by it. */
export interface AccessFacts {
  readonly now: EpochMillis;
  /** Nothing is known of the caller's token, not even that it has none of the next two. */
  readonly callerUnknown?: true;
  /** Who acts with the principal's token. */
  readonly actor?: ActingUser;
  /** The machine to which the principal's token was issued. */
  readonly machineResourceId?: string;
  /** The deployment stack that asks, on the caller's behalf: its own deny assignments do not hold for it. */
  readonly stackId?: string;
  /** `@Request`: of what the request would make. */
  readonly request?: Attributes;
  /** `@Resource`: of what the request is about, as it is now. */
  readonly resource?: Attributes;
}

/** What a caller's token and the time say. */
export function factsOfCaller(caller: VerifiedToken, now: EpochMillis): AccessFacts {
  const { actor } = caller;
  const machineResourceId = machineOf(caller);
  return {
    now,
    ...(actor === undefined ? {} : { actor }),
    ...(machineResourceId === undefined ? {} : { machineResourceId }),
  };
}

/** A user-assigned identity's token names the machine beside the identity; a system-assigned identity's names the machine alone. */
function machineOf({ actor, machineResourceId, identityResourceId }: VerifiedToken): string | undefined {
  const own = identityResourceId !== undefined && !isUserAssigned(identityResourceId) ? identityResourceId : undefined;
  const issuedTo = machineResourceId ?? own;
  if (actor === undefined) return issuedTo;
  // Two that differ say nothing for certain.
  return issuedTo === undefined || sameId(issuedTo, actor.machineResourceId) ? actor.machineResourceId : undefined;
}

function isUserAssigned(identityResourceId: string): boolean {
  return /\/providers\/microsoft\.managedidentity\/userassignedidentities\/[^/]+$/i.test(identityResourceId);
}
