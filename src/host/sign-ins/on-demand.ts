import type { SignInLog, SignInLogPorts } from '../../sign-ins/sign-in-log.ts';

/** The sign-in log, opened by the first call that needs it: a start does without. */
export function signInLogOnDemand(portsOf: () => SignInLogPorts): SignInLog {
  let opening: Promise<SignInLog> | undefined;
  let log: SignInLog | undefined;
  const listeners = new Set<() => void>();
  const opened = (): Promise<SignInLog> => {
    opening ??= import('../../sign-ins/sign-in-log.ts').then(({ openSignInLog }) => {
      log = openSignInLog(portsOf());
      log.watch(() => {
        for (const listener of listeners) listener();
      });
      return log;
    });
    return opening;
  };
  return {
    record: (signIn) => log?.record(signIn) ?? opened().then((found) => found.record(signIn)),
    query: async (query) => (await opened()).query(query),
    readAfter: async (number) => (await opened()).readAfter(number),
    head: async () => (await opened()).head(),
    settle: async () => (await opened()).settle(),
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    verify: async (witnesses) => (await opened()).verify(witnesses),
    checkpoint: async (kind) => (await opened()).checkpoint(kind),
    retain: async () => (await opened()).retain(),
    close: async () => (await opening)?.close(),
  };
}
