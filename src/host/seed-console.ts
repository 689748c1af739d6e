import type { AdminCredentials } from './admin.ts';

/** What making the built-in machine needs: the one origin, and who asks it. */
export interface ConsolePorts {
  readonly origin: string;
  readonly fetch: (request: Request) => Response | Promise<Response>;
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly admin: AdminCredentials;
}

/** The built-in machine's group and name. */
export const consoleGroup = 'postern';
export const consoleName = 'console';

const location = 'westeurope';

/**
 * Makes the group `postern` and the machine `console` as an administrator's client would, so that they are like every
 * other: same documents, same log. Answers the machine's principal. Where machines cannot run, its resource still stands.
 */
export async function seedConsole(ports: ConsolePorts): Promise<string> {
  const token = await askToken(ports);
  const group = `/subscriptions/${ports.subscriptionId}/resourceGroups/${consoleGroup}`;
  await put(ports, token, `${group}?api-version=2021-04-01`, { location });
  const machine = `${group}/providers/Microsoft.Compute/virtualMachines/${consoleName}?api-version=2024-11-01`;
  const made = await put(ports, token, machine, { location, identity: { type: 'SystemAssigned' } });
  const principalId = (made as { identity?: { principalId?: string } }).identity?.principalId;
  if (principalId === undefined) throw new Error(`The machine '${consoleName}' was made without an identity.`);
  return principalId;
}

async function askToken({ origin, fetch, tenantId, admin }: ConsolePorts): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: admin.clientId,
    client_secret: admin.clientSecret,
    scope: `${origin}/.default`,
  });
  const response = await fetch(new Request(`${origin}/${tenantId}/oauth2/v2.0/token`, { method: 'POST', body }));
  if (!response.ok) throw new Error(`The administrator was refused a token: ${await response.text()}`);
  return ((await response.json()) as { access_token: string }).access_token;
}

async function put({ origin, fetch }: ConsolePorts, token: string, target: string, body: object): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const request = new Request(`${origin}${target}`, { method: 'PUT', headers, body: JSON.stringify(body) });
  const response = await fetch(request);
  if (!response.ok) throw new Error(`PUT ${target} was refused with ${response.status}: ${await response.text()}`);
  return response.json();
}
