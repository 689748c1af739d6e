import assert from 'node:assert/strict';
import type { CallerProcess } from '../../../src/core/access/caller.ts';
import { canonicalRequest, type SelectedIdentity } from '../../../src/core/access/canonical-request.ts';
import { AccessDecider, type AccessQuestion } from '../../../src/core/access/decide-access.ts';
import { parseProfile } from '../../../src/core/access/parse-profile.ts';
import { readResource } from '../../../src/core/access/resource-names.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { isRefusal } from '../../../src/core/refusal.ts';
import type { EpochMillis } from '../../../src/core/time.ts';

export const origin = 'https://localhost:8443';
export const applications = new Map([
  ['api://orders', ['api://orders', '0a0a0a0a-0000-4000-8000-000000000001']],
  ['0a0a0a0a-0000-4000-8000-000000000001', ['api://orders', '0a0a0a0a-0000-4000-8000-000000000001']],
]);
const facts = { origin, namesOfApplication: (resource: string) => applications.get(resource) ?? [] };

export const tokenPath = '/metadata/identity/oauth2/token';

/** Alice may have Key Vault tokens, deploy those of Resource Manager, and nobody else anything. */
export const twoUsers: JsonObject = {
  mode: 'Enforce',
  defaultAccess: 'Deny',
  rules: {
    privileges: [
      { name: 'vault-tokens', path: tokenPath, queryParameters: { resource: 'https://vault.azure.net/' } },
      { name: 'arm-tokens', path: tokenPath, queryParameters: { resource: 'https://management.azure.com' } },
    ],
    roles: [
      { name: 'readers', privileges: ['vault-tokens'] },
      { name: 'deployers', privileges: ['arm-tokens'] },
    ],
    identities: [
      { name: 'alice', userName: 'alice' },
      { name: 'deploy', userName: 'deploy' },
    ],
    roleAssignments: [
      { role: 'readers', identities: ['alice'] },
      { role: 'deployers', identities: ['deploy'] },
    ],
  },
};

export function deciderOf(properties: JsonObject): AccessDecider {
  const profile = parseProfile(properties);
  assert.ok(!isRefusal(profile), isRefusal(profile) ? profile.message : '');
  return new AccessDecider(profile);
}

/** A question as the metadata service would ask it. */
export function ask(
  userName: string,
  query: Readonly<Record<string, string>>,
  more: {
    readonly path?: string;
    readonly identity?: SelectedIdentity;
    readonly groupNames?: readonly string[];
    readonly process?: CallerProcess | 'unknown';
  } = {},
): AccessQuestion {
  const { path = tokenPath, identity, groupNames = [], process } = more;
  const request = canonicalRequest(path.split('/'), new Map(Object.entries(query)), identity);
  const resource = request.query.get('resource');
  return {
    request,
    user: { uid: 1000, userName, groupNames },
    ...(resource === undefined ? {} : { resource: readResource(resource, facts) }),
    ...(process === undefined ? {} : { process }),
  };
}

export const noon = Date.UTC(2026, 10, 24, 12) as EpochMillis;
