import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { azCloud } from '../../src/cli/commands/az-cloud.ts';
import { formatExports } from '../../src/cli/commands/env.ts';

const environment = {
  origin: 'https://localhost:9443',
  tenantId: 't',
  subscriptionId: 's',
  clientId: 'c',
  clientSecret: `a'b"c $(touch /nowhere) \\ \`d\``,
  ca: "/home/o'brien/ca.pem",
  caBundle: '/data dir/bundle.pem',
};

describe('postern env', () => {
  it('prints exports that a shell reads back unchanged, whatever is in a value', () => {
    const script = `${formatExports(environment)}\nprintf '%s\\n' "$AZURE_CLIENT_SECRET" "$NODE_EXTRA_CA_CERTS" "$SSL_CERT_FILE"`;
    const lines = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8', env: {} }).trimEnd().split('\n');
    assert.deepEqual(lines, [environment.clientSecret, environment.ca, environment.caBundle]);
  });

  it('gives clients that replace the trusted authorities the bundle, and Node, which adds, ours alone', () => {
    const exports = formatExports(environment);
    for (const name of ['REQUESTS_CA_BUNDLE', 'SSL_CERT_FILE', 'CURL_CA_BUNDLE']) {
      assert.ok(exports.includes(`export ${name}='/data dir/bundle.pem'`), name);
    }
    assert.match(exports, /ARM_METADATA_HOSTNAME='localhost:9443'/);
  });
});

describe('postern az-cloud', () => {
  it('names our origin at every endpoint, under the authority that needs no instance discovery', () => {
    const { endpoints } = azCloud('https://localhost:9443') as { endpoints: Record<string, string> };
    assert.equal(endpoints['activeDirectory'], 'https://localhost:9443/adfs');
    assert.equal(endpoints['resourceManager'], 'https://localhost:9443', 'az appends /metadata/endpoints');
    assert.ok(Object.values(endpoints).every((endpoint) => endpoint.startsWith('https://localhost:9443')));
  });
});
