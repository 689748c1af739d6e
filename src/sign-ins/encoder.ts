import { hash } from 'node:crypto';
import type { JsonObject } from '../core/json.ts';
import type { BatchRecord } from '../core/sign-ins/batch.ts';
import { type ChainHead, circumstancesOf, type Digest, digestCircumstances, link } from '../core/sign-ins/chain.ts';
import type { SignIn } from '../core/sign-ins/sign-in.ts';

/** SHA-256, as the chain has it. */
export const sha256: Digest = (text) => hash('sha256', text, 'base64url');

/** A batch as the store takes it, and where the chain stands after it. */
export interface EncodedBatch {
  readonly body: JsonObject;
  readonly head: ChainHead;
}

interface Known {
  readonly circumstances: JsonObject;
  readonly digest: string;
  /** In which batch it stands at `at`. */
  batch: number;
  at: number;
}

/** So many different circumstances are known by their digests; a machine's users and their tokens are fewer. */
const maxKnown = 2048;

/** Makes batches. What the last record had in common with the ones before it is neither written nor hashed again. */
export class Encoder {
  readonly #known = new Map<string, Known>();
  #batch = 0;
  #last: { readonly signIn: SignIn; readonly known: Known } | undefined;

  encode(signIns: readonly SignIn[], before: ChainHead): EncodedBatch {
    this.#batch += 1;
    const circumstances: JsonObject[] = [];
    let head = before;
    const records = signIns.map((signIn): BatchRecord => {
      const known = this.#find(signIn);
      if (known.batch !== this.#batch) {
        known.batch = this.#batch;
        known.at = circumstances.push(known.circumstances) - 1;
      }
      head = link(head, signIn, known.digest, sha256);
      const { time, uti = null, clientRequestId = null } = signIn;
      return [time, uti, clientRequestId, known.at, head.hash];
    });
    return { body: { previous: before.hash, first: before.number + 1, circumstances, records }, head };
  }

  #find(signIn: SignIn): Known {
    const last = this.#last;
    const known = last !== undefined && isAlike(last.signIn, signIn) ? last.known : this.#findByText(signIn);
    this.#last = { signIn, known };
    return known;
  }

  #findByText(signIn: SignIn): Known {
    const circumstances = circumstancesOf(signIn);
    const text = JSON.stringify(circumstances);
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.#known.size >= maxKnown) this.#known.clear();
    // What is kept is a copy: the caller's own may hold a connection or change.
    const copy = JSON.parse(text) as JsonObject;
    const added = { circumstances: copy, digest: digestCircumstances(copy, sha256), batch: 0, at: 0 };
    this.#known.set(text, added);
    return added;
  }
}

function isAlike(a: SignIn, b: SignIn): boolean {
  return (
    a.request === b.request &&
    a.user === b.user &&
    a.identity === b.identity &&
    a.outcome === b.outcome &&
    a.machineResourceId === b.machineResourceId &&
    a.access === b.access &&
    a.process === b.process &&
    a.failure === b.failure
  );
}
