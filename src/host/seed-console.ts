import { type AdminDoor, askAdminToken } from './admin-token.ts';

/** What making the built-in machine needs: the one origin, and who asks it. */
export interface ConsolePorts extends AdminDoor {
  readonly subscriptionId: string;
}

/** The built-in machine's group and name. */
export const consoleGroup = 'postern';
export const consoleName = 'console';

const location = 'westeurope';

/** The machine's principal, or why there is no machine. */
export type SeededConsole = { readonly principalId: string } | { readonly refused: string };

/**
 * Makes the group `postern` and the machine `console` as an administrator's client would, so that they are like every
 * other: same documents, same log. Where machines cannot be made, the resource manager's refusal is answered.
 */
export async function seedConsole(ports: ConsolePorts): Promise<SeededConsole> {
  const token = await askAdminToken(ports);
  const group = `/subscriptions/${ports.subscriptionId}/resourceGroups/${consoleGroup}`;
  const grouped = await put(ports, token, `${group}?api-version=2021-04-01`, { location });
  if (grouped.error !== undefined) return { refused: grouped.error.message };
  const machine = `${group}/providers/Microsoft.Compute/virtualMachines/${consoleName}?api-version=2024-11-01`;
  const made = await put(ports, token, machine, { location, identity: { type: 'SystemAssigned' } });
  if (made.error !== undefined) return { refused: made.error.message };
  if (made.identity === undefined) throw new Error(`The machine '${consoleName}' was made without an identity.`);
  return { principalId: made.identity.principalId };
}

/** What the resource manager answers: a resource, or an error. */
interface Answered {
  readonly identity?: { readonly principalId: string };
  readonly error?: { readonly message: string };
}

async function put({ origin, fetch }: ConsolePorts, token: string, target: string, body: object): Promise<Answered> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const request = new Request(`${origin}${target}`, { method: 'PUT', headers, body: JSON.stringify(body) });
  return (await fetch(request)).json() as Promise<Answered>;
}
