import type { Clock } from '../../core/ports/clock.ts';
import type { Store } from '../../core/ports/store.ts';
import type { SignInLog } from '../../sign-ins/sign-in-log.ts';
import type { LogEntry } from '../configuration.ts';
import type { Closing } from '../stop.ts';
import type { KeyedCertificate } from '../tls/authority.ts';
import { checkpointSigner } from './checkpoint-key.ts';
import { signInLogOnDemand } from './on-demand.ts';

/** What the host's sign-in log is over. */
export interface SignInHost {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: (entry: LogEntry) => void;
  /** The local authority, which signs its checkpoints. */
  readonly keyed: KeyedCertificate;
}

/** The host's sign-in log. It is closed after whatever records in it and before the store. */
export function openSignIns({ store, clock, log, keyed }: SignInHost, closing: Closing): SignInLog {
  const signIns = signInLogOnDemand(() => ({
    store,
    clock,
    signer: checkpointSigner(keyed),
    onFailure: (error) => log({ level: 'error', event: 'sign-ins not recorded', fields: { cause: String(error) } }),
  }));
  closing.add('sign-in log', () => signIns.close());
  return signIns;
}
