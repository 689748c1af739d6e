import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/core/json.ts';
import { certificateMaker } from '../../src/host/tls/certificate-maker.ts';
import { openTokenService } from '../../src/sts/token-service.ts';
import { openedDirectory } from '../directory/opened.ts';

export const origin = 'https://localhost:8443';

/** A token service over a fresh directory with one application, `reader`, that may read the directory. */
export async function openedTokenService() {
  const opened = { ...(await openedDirectory()), certificates: certificateMaker };
  const { directory } = opened;
  const { principal, secret } = await directory.createApplicationPrincipal({
    displayName: 'reader',
    appRoles: ['Directory.Read.All'],
    servicePrincipalNames: ['api://reader'],
  });
  const service = await openTokenService({ ...opened, origin: () => origin });
  return { ...opened, ...service, principal, secret, tenantId: directory.tenant.tenantId };
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
  return Promise.resolve(app.request(url, { method: 'POST', body, headers: { ...type, ...headers } }));
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
