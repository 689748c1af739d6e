import type { AdminCredentials } from './admin.ts';

/** The one origin, and the administrator who asks it. */
export interface AdminDoor {
  readonly origin: string;
  readonly fetch: (request: Request) => Response | Promise<Response>;
  readonly tenantId: string;
  readonly admin: AdminCredentials;
}

/** Gets the administrator a token for Resource Manager, as its client would. */
export async function askAdminToken({ origin, fetch, tenantId, admin }: AdminDoor): Promise<string> {
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
