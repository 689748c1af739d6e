import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type RunningPostern, runProgram, startPostern } from './running-postern.ts';

// The commands of Microsoft's documents, as a user types them inside a machine, and what an administrator does meanwhile.

interface ScheduledEvents {
  readonly DocumentIncarnation: number;
  readonly Events: readonly {
    readonly EventId: string;
    readonly EventType: string;
    readonly EventStatus: string;
    readonly Resources: readonly string[];
  }[];
}

describe('curl: inside a machine, the metadata service', () => {
  let postern: RunningPostern;
  let arm: (method: string, path: string, body?: object) => Record<string, unknown>;
  const folder = mkdtempSync(join(tmpdir(), 'postern-metadata-'));
  const imds = 'http://169.254.169.254/metadata';

  /** Runs a line of shell in the machine, as its administrator. */
  const shell = (line: string, machine = 'web-1'): string => {
    const { status, stdout, stderr } = postern.inside(machine, ['bash', '-c', `set -o pipefail; cd; ${line}`]);
    assert.equal(status, 0, `${line}\n${stdout}\n${stderr}`);
    return stdout;
  };
  const events = () =>
    JSON.parse(shell(`curl -s -H Metadata:true ${imds}/scheduledevents?api-version=2020-07-01`)) as ScheduledEvents;
  const bootedAt = () => shell('stat -c %Y /proc/1; cat /proc/1/stat | cut -d" " -f22').trim();

  before(async () => {
    postern = await startPostern();
    const { environment } = postern;
    const curl = (...words: readonly string[]) => {
      const result = runProgram('curl', [
        '--silent',
        '--show-error',
        '--fail-with-body',
        '--cacert',
        environment.ca,
        ...words,
      ]);
      assert.equal(result.status, 0, `${words.join(' ')}\n${result.stdout}\n${result.stderr}`);
      return result.stdout === '' ? {} : (JSON.parse(result.stdout) as Record<string, unknown>);
    };
    const form = join(folder, 'form');
    const { origin, tenantId, clientId, clientSecret, subscriptionId } = environment;
    const scope = 'https://management.azure.com/.default';
    const fields = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope };
    writeFileSync(form, new URLSearchParams(fields).toString(), { mode: 0o600 });
    const { access_token } = curl(`${origin}/${tenantId}/oauth2/v2.0/token`, '--data', `@${form}`);
    writeFileSync(join(folder, 'header'), `Authorization: Bearer ${access_token}`, { mode: 0o600 });
    arm = (method, path, body) =>
      curl(
        ...['-X', method, '-H', `@${join(folder, 'header')}`, '-H', 'Content-Type: application/json'],
        ...(body === undefined ? ['-d', ''] : ['-d', JSON.stringify(body)]),
        path.startsWith('https://') ? path : `${origin}/subscriptions/${subscriptionId}${path}`,
      );
    arm('PUT', '/resourceGroups/metadata?api-version=2024-03-01', { location: 'westeurope' });
    arm('PUT', `${machine}?api-version=2024-07-01`, {
      location: 'westeurope',
      identity: { type: 'SystemAssigned' },
      tags: { role: 'web' },
      properties: { userData: Buffer.from('color: green').toString('base64') },
    });
    await until('web-1 runs', () => postern.inside('web-1', ['true']).status === 0);
  });
  after(async () => {
    await postern?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const machine = '/resourceGroups/metadata/providers/Microsoft.Compute/virtualMachines/web-1';

  it('curl …/metadata/instance/compute/userData?format=text | base64 --decode', () => {
    const url = `${imds}/instance/compute/userData?api-version=2025-04-07&format=text`;
    assert.equal(shell(`curl -s -H Metadata:true --noproxy "*" "${url}" | base64 --decode`), 'color: green');
  });

  it('curl …/metadata/attested/document, then openssl pkcs7, x509, smime -verify, verify, cms -verify', () => {
    const signature = `sed 's/.*"signature":"//;s/".*//'`;
    const document = `${imds}/attested/document?api-version=2025-04-07&nonce=1234567890`;
    const printed = shell(`
      curl --silent -H Metadata:True --noproxy "*" "${document}" | ${signature} > signature
      base64 -d signature > decodedsignature
      openssl pkcs7 -in decodedsignature -inform DER -out sign.pk7
      openssl pkcs7 -in decodedsignature -inform DER -print_certs -out signer.pem
      curl -s -o intermediate.cer "$(openssl x509 -in signer.pem -text -noout | grep " CA Issuers -" | awk -FURI: '{print $2}')"
      openssl x509 -inform der -in intermediate.cer -out intermediate.pem
      openssl smime -verify -in sign.pk7 -inform pem -noverify -out content.json 2>/dev/null || exit 1
      openssl verify -verbose -CAfile "$SSL_CERT_FILE" -untrusted intermediate.pem signer.pem
      openssl cms -verify -inform DER -in decodedsignature -CAfile "$SSL_CERT_FILE" 2>/dev/null`);
    const [verified = '', content = ''] = printed.split('\n');
    assert.equal(verified, 'signer.pem: OK');
    const attested = JSON.parse(content) as Record<string, unknown>;
    assert.equal(attested['nonce'], '1234567890');
    assert.equal(attested['subscriptionId'], postern.environment.subscriptionId);
  });

  it('curl …/metadata/loadbalancer', () => {
    const answer = shell(`curl -s -H Metadata:true --noproxy "*" "${imds}/loadbalancer?api-version=2020-10-01"`);
    assert.match(answer, /^\{"error":"No load balancer metadata is found/);
  });

  it('curl …/getplatformmetadata, openssl req, curl …/issuecredential, curl --cert …/oauth2/v2.0/token with token_type=mtls_pop', () => {
    const script = readFileSync(join(import.meta.dirname, 'certificate-of-machine.sh'), 'utf8');
    const played = postern.inside('web-1', ['bash', '-c', 'cd; bash -s'], { stdin: script });
    assert.equal(played.status, 0, played.stdout + played.stderr);
    const claims = JSON.parse(Buffer.from(shell('cat token').split('.')[1] ?? '', 'base64url').toString('utf8')) as {
      cnf: { 'x5t#S256': string };
    };
    const thumbprint = shell('openssl x509 -in cert.pem -outform der | openssl dgst -sha256 -binary | base64').trim();
    assert.equal(Buffer.from(claims.cnf['x5t#S256'], 'base64url').toString('base64'), thumbprint);
    assert.match(shell('cat token.json'), /"token_type":"mtls_pop"/);
  });

  it('curl --cert …/subscriptions with the bound token, which nobody without the certificate can use', () => {
    const statusOf = (...words: readonly string[]) =>
      shell(
        `curl -s -o answer -w '%{http_code}' ${words.join(' ')} 'https://management.azure.com/subscriptions?api-version=2022-12-01'`,
      );
    const bearer = '-H "Authorization: Bearer $(cat token)"';
    assert.equal(statusOf('--cert cert.pem --key key.pem', bearer), '200');
    assert.equal(statusOf('--cert cert.pem --key key.pem', '-H "Authorization: mtls_pop $(cat token)"'), '200');
    assert.equal(statusOf(bearer), '401');
    assert.match(shell('cat answer'), /bound to a client certificate/);
    shell('openssl req -x509 -key key.pem -subj /CN=other -days 1 -out other.pem 2> /dev/null');
    assert.equal(statusOf('--cert other.pem --key key.pem', bearer), '401');
  });

  it('curl …/metadata/scheduledevents, curl -X POST -d StartRequests, while the machine is restarted', async () => {
    assert.deepEqual(events(), { DocumentIncarnation: 1, Events: [] });
    const before = bootedAt();
    arm('POST', `${machine}/restart?api-version=2024-07-01`);
    const event = await until('the restart is announced', () => events().Events[0]);
    assert.deepEqual([event.EventType, event.EventStatus, event.Resources], ['Reboot', 'Scheduled', ['web-1']]);
    assert.equal(bootedAt(), before);
    const approval = `{"StartRequests": [{"EventId": "${event.EventId}"}]}`;
    shell(`curl -s -H Metadata:true -X POST -d '${approval}' ${imds}/scheduledevents?api-version=2020-07-01`);
    await until('the machine has booted', () => {
      const { status, stdout } = postern.inside('web-1', ['bash', '-c', 'cat /proc/1/stat | cut -d" " -f22']);
      return status === 0 && !before.endsWith(stdout.trim());
    });
    await until('the event is over', () => events().Events.length === 0);
  });
});

/** Asks until there is an answer; for twenty seconds. */
async function until<Found>(what: string, look: () => Found | undefined | false): Promise<Found> {
  const end = Date.now() + 20_000;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    assert.ok(Date.now() < end, `not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
