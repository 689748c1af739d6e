import type { AccessVerdict } from '../core/ports/access-guard.ts';
import type { Caller } from '../core/ports/caller.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { SignInRecorder } from '../core/ports/sign-in-log.ts';
import type { Refusal } from '../core/refusal.ts';
import type { SignIn } from '../core/sign-ins/sign-in.ts';
import type { Passage } from './passage.ts';

/** What recording needs. */
export interface SignInRecordPorts {
  readonly signIns: SignInRecorder;
  readonly clock: Clock;
}

/** One request, as it is recorded beside its passage. */
export interface RecordedRequest {
  readonly rawHeaders: readonly string[];
  readonly caller: Caller;
}

/** How a request came out. */
export type Outcome = Pick<SignIn, 'outcome' | 'uti' | 'failure'>;

/** The longest client request id that is recorded; a GUID has 36 characters. */
const longestRequestId = 128;

/** Records what the metadata service does. INVARIANT: no token and no header but the client's request id is in a record. */
export class SignInRecords {
  readonly #ports: SignInRecordPorts;
  #last: Promise<void> | undefined;
  #isFailing = false;

  constructor(ports: SignInRecordPorts) {
    this.#ports = ports;
  }

  /** Resolves once the record is durable; rejects when it cannot be written. */
  record(
    passage: Passage,
    request: RecordedRequest,
    verdict: AccessVerdict | undefined,
    outcome: Outcome,
  ): Promise<void> {
    const written = this.#ports.signIns.record(this.#signIn(passage, request, verdict, outcome));
    // A batch has one promise for all of its records.
    if (written !== this.#last) this.#watch(written);
    return written;
  }

  /**
   * The same for what need not wait for its record: a promise only while the log fails. Until it has taken a record again,
   * everything waits, so that nothing goes on being handed over that is not recorded.
   */
  note(
    passage: Passage,
    request: RecordedRequest,
    verdict: AccessVerdict | undefined,
    outcome: Outcome,
  ): Promise<void> | undefined {
    const written = this.record(passage, request, verdict, outcome);
    return this.#isFailing ? written : undefined;
  }

  #watch(written: Promise<void>): void {
    this.#last = written;
    written.then(
      () => {
        this.#isFailing = false;
      },
      () => {
        this.#isFailing = true;
      },
    );
  }

  #signIn(passage: Passage, request: RecordedRequest, verdict: AccessVerdict | undefined, outcome: Outcome): SignIn {
    const { record } = passage;
    const signIn: { -readonly [Key in keyof SignIn]: SignIn[Key] } = {
      time: this.#ports.clock.now(),
      machineResourceId: record.machineResourceId,
      request: record.request,
      outcome: outcome.outcome,
    };
    // Written out: this runs for every token that is handed over, and spreading costs more than all of the rest.
    if (record.user !== undefined) signIn.user = record.user;
    if (record.identity !== undefined) signIn.identity = record.identity;
    if (verdict !== undefined) signIn.access = sameAccess(passage, verdict);
    if (outcome.uti !== undefined) signIn.uti = outcome.uti;
    if (outcome.failure !== undefined) signIn.failure = outcome.failure;
    const process = request.caller.knownProcess?.();
    if (process !== undefined) signIn.process = process;
    const clientRequestId = findClientRequestId(request.rawHeaders);
    if (clientRequestId !== undefined) signIn.clientRequestId = clientRequestId;
    return signIn;
  }
}

/** What a record says of a refusal. */
export function failureOf(refusal: Refusal): Outcome {
  return { outcome: 'failed', failure: { code: refusal.refused, message: refusal.message } };
}

function sameAccess(passage: Passage, verdict: AccessVerdict): AccessVerdict {
  const last = passage.access;
  const isSame =
    last?.rule === verdict.rule &&
    last.decision === verdict.decision &&
    last.mode === verdict.mode &&
    last.profileVersionId === verdict.profileVersionId;
  if (isSame) return last;
  passage.access = verdict;
  return verdict;
}

const requestIdHeader = 'x-ms-client-request-id';

function findClientRequestId(rawHeaders: readonly string[]): string | undefined {
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (name.length === requestIdHeader.length && name.toLowerCase() === requestIdHeader) {
      return rawHeaders[at + 1]?.slice(0, longestRequestId);
    }
  }
  return undefined;
}
