import type { KeyRotation } from '../sts/keys/rotate-keys.ts';
import type { LogEntry } from './configuration.ts';

const hourMillis = 3_600_000;
/** After a start the first look waits, so that it delays nobody's first request. */
const firstMillis = 60_000;

/** Looks every hour whether a signing key is due to be made or to go; answers how to stop that. */
export function tendKeys(keys: KeyRotation, log: (entry: LogEntry) => void): () => void {
  const tend = () => {
    keys.tend().then(
      ({ made, removed }) => {
        for (const kid of made) log({ level: 'info', event: 'signing key published', fields: { kid } });
        for (const kid of removed) log({ level: 'info', event: 'signing key removed', fields: { kid } });
      },
      (error) => log({ level: 'error', event: 'signing keys not tended', fields: { cause: String(error) } }),
    );
  };
  const first = setTimeout(tend, firstMillis).unref();
  const hourly = setInterval(tend, hourMillis).unref();
  return () => {
    clearTimeout(first);
    clearInterval(hourly);
  };
}
