import type { JsonObject } from '../json.ts';
import { formatCanonical } from './canonical.ts';
import type { SignIn } from './sign-in.ts';

/** SHA-256 of a text's UTF-8, in base64url. */
export type Digest = (text: string) => string;

/** How far the chain has come: the last record's number and hash. */
export interface ChainHead {
  readonly number: number;
  readonly hash: string;
}

/** Before the first record. */
export const chainStart: ChainHead = { number: 0, hash: '' };

/** What a record has for itself. Everything else are its circumstances, which many records share. */
export type OwnFacts = Pick<SignIn, 'time' | 'uti' | 'clientRequestId'>;

/** The circumstances of a sign-in: who, where, as what, asking for what, and what came of it. */
export function circumstancesOf(signIn: SignIn): JsonObject {
  const { time: _, uti: __, clientRequestId: ___, ...circumstances } = signIn;
  return circumstances as unknown as JsonObject;
}

/** The digest of circumstances, by which each record's hash covers them. */
export function digestCircumstances(circumstances: JsonObject, digest: Digest): string {
  return digest(formatCanonical(circumstances));
}

/**
 * The next head of the chain: the hash is of the hash before, followed by the canonical JSON of
 * `[number, time, uti, clientRequestId, digest of the circumstances]`, with null for what is not there.
 */
export function link(before: ChainHead, own: OwnFacts, circumstancesDigest: string, digest: Digest): ChainHead {
  const number = before.number + 1;
  // Written out: this runs for every token that is handed over. Numbers and digests are their own JSON.
  const facts = `[${number},${own.time},${textOrNull(own.uti)},${textOrNull(own.clientRequestId)},"${circumstancesDigest}"]`;
  return { number, hash: digest(before.hash + facts) };
}

function textOrNull(text: string | undefined): string {
  return text === undefined ? 'null' : JSON.stringify(text);
}
