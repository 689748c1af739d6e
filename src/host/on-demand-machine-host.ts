import type { MachineHost } from '../core/ports/machine-host.ts';
import type { SandboxHost } from '../machines/sandbox/sandbox-host.ts';

/** A machine host that is opened by the first call that needs it, so that a start answers requests before it is. */
export function openOnDemand(open: () => Promise<SandboxHost>): MachineHost & Pick<SandboxHost, 'stopAll'> {
  let opening: Promise<SandboxHost> | undefined;
  let host: SandboxHost | undefined;
  const opened = (): Promise<SandboxHost> => {
    opening ??= open().then((found) => {
      host = found;
      return found;
    });
    return opening;
  };
  return {
    support: async () => (await opened()).support(),
    start: async (spec) => (await opened()).start(spec),
    stop: async (resourceId) => (await opened()).stop(resourceId),
    remove: async (resourceId) => (await opened()).remove(resourceId),
    // Nothing runs before it is opened.
    running: (resourceId) => host?.running(resourceId),
    entry: (resourceId, user) => host?.entry(resourceId, user),
    run: async (resourceId, script, signal) => host?.run(resourceId, script, signal),
    endScripts: async () => host?.endScripts(),
    stopAll: async () => (await opening)?.stopAll(),
  };
}
