/** What Resource Manager answered: its document, or its error. */
export interface Answered {
  readonly status: number;
  readonly body: {
    readonly [name: string]: unknown;
    readonly error?: {
      readonly code: string;
      readonly message: string;
      readonly details?: readonly { readonly message: string }[];
    };
  };
}

/** A user of a machine at Resource Manager, with the machine's identity. */
export interface MachineClient {
  readonly principalId: string;
  /** `apiVersion` is by default that of schedules. */
  ask(
    method: 'GET' | 'PUT',
    path: string,
    rest?: { readonly body?: object; readonly apiVersion?: string },
  ): Promise<Answered>;
}

/**
 * Gets a token of the machine's identity, or of the one that `clientId` names, from IMDS, as the user who runs this, and speaks with it. Throws where no metadata service
 * answers; answers its words where it refuses.
 */
export async function openMachineClient(
  env: Readonly<Record<string, string | undefined>>,
  clientId?: string,
): Promise<MachineClient | { readonly failed: string }> {
  const arm = trimmed(env['AZURE_RESOURCE_MANAGER_ENDPOINT'] ?? 'https://management.azure.com');
  const imds = trimmed(env['AZURE_POD_IDENTITY_AUTHORITY_HOST'] ?? 'http://169.254.169.254');
  const which = clientId === undefined ? {} : { client_id: clientId };
  const query = new URLSearchParams({ 'api-version': '2018-02-01', resource: `${arm}/`, ...which });
  const answer = await fetch(`${imds}/metadata/identity/oauth2/token?${query}`, { headers: { Metadata: 'true' } });
  const token = (await answer.json()) as { access_token?: string; error_description?: string; error?: unknown };
  if (token.access_token === undefined) {
    return { failed: `the metadata service gave no token: ${token.error_description ?? JSON.stringify(token.error)}` };
  }
  const headers = { authorization: `Bearer ${token.access_token}`, 'content-type': 'application/json' };
  return {
    principalId: principalOf(token.access_token),
    async ask(method, path, { body, apiVersion = '2020-10-01' } = {}) {
      const url = `${arm}${path}${path.includes('?') ? '&' : '?'}api-version=${apiVersion}`;
      const response = await fetch(url, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as Answered['body'] };
    },
  };
}

function principalOf(token: string): string {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { oid: string };
  return claims.oid;
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, '');
}
