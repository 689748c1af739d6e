import type { MachineSpec } from '../../core/ports/machine-host.ts';
import { isUserName } from './accounts.ts';

/** What is wrong with a specification; undefined when a machine can be made of it. */
export function findFault({ vmId, hostname, users }: MachineSpec): string | undefined {
  if (!/^[0-9a-z-]{1,64}$/i.test(vmId)) return `The vmId '${vmId}' is not a GUID.`;
  if (!/^[a-z0-9]([a-z0-9.-]{0,62}[a-z0-9])?$/i.test(hostname)) {
    return `The computer name '${hostname}' is not a host name: use up to 64 letters, digits, '-' and '.'.`;
  }
  const wrong = users.find((user) => !isUserName(user));
  if (wrong === undefined) return undefined;
  return `'${wrong}' is not a user name: use up to 32 letters, digits, '-' and '_', beginning with a letter or '_'.`;
}
