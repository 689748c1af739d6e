import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/core/json.ts';
import type { ClientCredentials } from '../../src/core/ports/directory.ts';
import { certificateMaker } from '../../src/host/tls/certificate-maker.ts';
import { openTokenService } from '../../src/sts/token-service.ts';
import type { TokenServicePorts } from '../../src/sts/token-service-ports.ts';
import { openedDirectory } from '../directory/opened.ts';

export const origin = 'https://localhost:8443';

/** What a token service may be opened with beside the default. */
export type TokenServiceSettings = Partial<
  Pick<TokenServicePorts, 'issuerDocuments' | 'keyDays' | 'machineCertificates'>
>;

/**
 * A token service over a fresh directory with one application, `reader`, that may read the directory. `credentials` are added to
 * what the directory says that a client may prove itself with, by app id. `again` opens the service anew, as a restart does.
 */
export async function openedTokenService(settings: TokenServiceSettings = {}) {
  const fresh = { ...(await openedDirectory()), certificates: certificateMaker };
  const credentials = new Map<string, Partial<ClientCredentials>>();
  const credentialsOf = (appId: string): ClientCredentials => ({
    ...fresh.directory.credentialsOf(appId),
    ...credentials.get(appId),
  });
  const directory = { ...fresh.directory, credentialsOf };
  const opened = { ...fresh, directory };
  const { principal, secret } = await directory.createApplicationPrincipal({
    displayName: 'reader',
    appRoles: ['Directory.Read.All'],
    servicePrincipalNames: ['api://reader'],
  });
  const again = () => openTokenService({ ...opened, ...settings, origin: () => origin });
  const service = await again();
  return { ...opened, ...service, principal, secret, tenantId: directory.tenant.tenantId, credentials, again };
}

export type OpenedTokenService = Awaited<ReturnType<typeof openedTokenService>>;

/** Posts a form; `fields` may repeat names when it is a list of pairs. */
export function postForm(
  { app }: Pick<OpenedTokenService, 'app'>,
  url: string,
  fields: Record<string, string> | [string, string][],
  headers: Record<string, string> = {},
): Promise<Response> {
  const body = new URLSearchParams(fields).toString();
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  return Promise.resolve(app.fetch(new Request(url, { method: 'POST', body, headers: { ...type, ...headers } })));
}

export async function jsonOf(response: Response): Promise<JsonObject> {
  return (await response.json()) as JsonObject;
}

/** The decoded parts of a JWT, unverified. */
export function decodeToken(token: unknown): { readonly header: JsonObject; readonly claims: JsonObject } {
  assert.equal(typeof token, 'string');
  const [header, claims] = String(token)
    .split('.')
    .map((part) => Buffer.from(part, 'base64url').toString());
  return { header: JSON.parse(header ?? ''), claims: JSON.parse(claims ?? '') };
}
