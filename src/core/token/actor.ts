import { isJsonObject, type Json, type JsonObject } from '../json.ts';

/** The user of a machine who acts with its identity: what the claim `act` holds. @see RFC 8693 section 4.1 */
export interface Actor {
  /** The user's name: `act.sub`. */
  readonly userName: string;
  /** As the machine numbers it. */
  readonly uid: number;
  readonly machineResourceId: string;
}

/** The claim: the actor's name stands under `sub`, the machine's id is `mrid`. */
export function actorClaim({ userName, uid, machineResourceId }: Actor): JsonObject {
  return { mrid: machineResourceId, sub: userName, uid };
}

/** Reads the claim; undefined for what is none of ours. */
export function parseActor(claim: Json | undefined): Actor | undefined {
  if (!isJsonObject(claim)) return undefined;
  const { mrid, sub, uid } = claim;
  if (typeof mrid !== 'string' || typeof sub !== 'string' || !Number.isSafeInteger(uid)) return undefined;
  return { userName: sub, uid: Number(uid), machineResourceId: mrid };
}
