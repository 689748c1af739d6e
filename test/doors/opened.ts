import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { MachineTokenQuestion } from '../../src/core/ports/machine-tokens.ts';
import { refuse } from '../../src/core/refusal.ts';
import type { EpochMillis, EpochSeconds } from '../../src/core/time.ts';
import type { DoorPorts } from '../../src/doors/door.ts';

export const machine = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web-1';
export const resource = 'https://management.azure.com/';
export const now = Date.parse('2026-11-24T12:00:00Z');

/** The status of a request whose target is sent as it is, which `fetch` would not. */
export async function statusOfTarget(endpoint: string, target: string): Promise<number | undefined> {
  const { hostname, port } = new URL(endpoint);
  const [response] = (await once(get({ hostname, port, path: target, agent: false }), 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

/** Ports over a machine with a system-assigned identity (`system`) and one more (`client-2`); what was asked is noted. */
export function doorPorts(tokensFolder: string) {
  const asked: MachineTokenQuestion[] = [];
  const state = { running: true, millis: now, denied: false };
  let drawn = 0;
  const draw = () => createHash('sha512').update(String(drawn++)).digest();
  const ports: DoorPorts = {
    tokens: {
      tokenFor: async (question) => {
        asked.push(question);
        if (state.denied) return refuse('imdsAccessDenied', 'This caller is denied. Ask whoever administers it');
        const { clientId } = question.selectors;
        if (clientId !== undefined && clientId !== 'client-2')
          return refuse('imdsIdentityNotFound', 'Identity not found');
        const expiresOn = (now / 1000 + 86_400) as EpochSeconds;
        const notBefore = (now / 1000 - 300) as EpochSeconds;
        return {
          identity: { kind: 'systemAssigned', principalId: 'p', clientId: clientId ?? 'system', resourceId: machine },
          token: { accessToken: 'a.b.c', notBefore, expiresOn, kid: 'k', uti: 'u' },
        };
      },
    },
    clock: { now: () => state.millis as EpochMillis },
    random: {
      uuid: () => `${draw().toString('hex').slice(0, 8)}-0000-4000-8000-000000000000`,
      bytes: (length) => draw().subarray(0, length),
    },
    isRunning: () => state.running,
    acceptMetadata: (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok'),
    tokensFolder,
  };
  return { ports, asked, state };
}
