import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Az, answerOf, servicePrincipalLogin } from './az-commands.ts';
import { pythonFolder } from './az-installation.ts';
import { azOf } from './az-outside.ts';
import { type RunningIssuer, startIssuer } from './running-issuer.ts';
import { type RunningPostern, startPostern } from './running-postern.ts';

const subject = 'system:serviceaccount:default:web';
const audience = 'api://AzureADTokenExchange';

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly appId: string;
  readonly clientId: string;
  readonly principalId: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

describe('az 2.91.0: federation and certificates', () => {
  let issuer: RunningIssuer;
  let postern: RunningPostern;
  let az: Az;
  const folder = mkdtempSync(join(tmpdir(), 'postern-az-'));
  let configurations = 0;

  /** An az of its own configuration, with the cloud registered. */
  const configured = (): Az => azOf(postern, mkdtempSync(join(folder, `az-${++configurations}-`)));
  const run = <T = Shown>(...words: readonly string[]) => answerOf(az(...words)) as T;
  const login = (clientId: string, ...proof: readonly string[]) => {
    const other = configured();
    const who = ['login', '--service-principal', '--username', clientId, '--tenant', postern.environment.tenantId];
    return { az: other, result: other(...who, ...proof, '--allow-no-subscriptions') };
  };
  /** A new application that may read the subscription. */
  const makeApplication = (name: string): Shown => {
    const application = run('ad', 'app', 'create', '--display-name', name);
    const { id } = run('ad', 'sp', 'create', '--id', application.appId);
    const scope = `/subscriptions/${postern.environment.subscriptionId}`;
    const assignee = ['--assignee-object-id', id, '--assignee-principal-type', 'ServicePrincipal'];
    run('role', 'assignment', 'create', '--role', 'Reader', '--scope', scope, ...assignee);
    return application;
  };

  before(async () => {
    issuer = await startIssuer();
    const authority = join(folder, 'issuer.pem');
    writeFileSync(authority, issuer.ca);
    // Postern reads it at its start; the issuer's authority is none that the system knows.
    process.env['NODE_EXTRA_CA_CERTS'] = authority;
    postern = await startPostern([pythonFolder()], ['--trust-issuer', issuer.issuer]);
    az = configured();
    servicePrincipalLogin(az, postern.environment);
    run('group', 'create', '--name', 'federation', '--location', 'westeurope');
    run('identity', 'create', '--resource-group', 'federation', '--name', 'shared');
  });
  after(async () => {
    await postern?.stop();
    issuer?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const ofShared = ['--resource-group', 'federation', '--identity-name', 'shared'];
  const credential = (...words: readonly string[]) => ['identity', 'federated-credential', ...words, ...ofShared];

  it('az identity federated-credential create | show | list | update | delete', () => {
    const described = ['--name', 'cluster', '--issuer', issuer.issuer, '--audiences', audience];
    const made = run(...credential('create', ...described, '--subject', subject));
    assert.deepEqual([made.name, made.subject, made.audiences], ['cluster', subject, [audience]]);
    assert.equal(run(...credential('show', '--name', 'cluster')).id, made.id);
    assert.equal(run<Shown[]>(...credential('list')).length, 1);
    const updated = run(...credential('update', ...described, '--subject', 'other'));
    assert.equal(updated.subject, 'other');
    run(...credential('delete', '--name', 'cluster', '--yes'));
    assert.deepEqual(run<Shown[]>(...credential('list')), []);
    assert.match(az(...credential('show', '--name', 'cluster')).stderr, /NotFound/);
  });

  it('az identity federated-credential create: two audiences, a repeated issuer and subject', () => {
    const described = ['--issuer', issuer.issuer, '--subject', subject];
    run(...credential('create', '--name', 'cluster', ...described, '--audiences', audience));
    const two = az(...credential('create', '--name', 'two', ...described, '--audiences', 'a', 'b'));
    assert.match(two.stderr, /InvalidFederatedIdentityCredentialsAudienceLength/);
    const again = az(...credential('create', '--name', 'again', ...described, '--audiences', audience));
    assert.match(again.stderr, /Issuer and subject combination already exists for this Managed Identity/);
  });

  it('az login --service-principal --federated-token, as a user-assigned identity', () => {
    const { clientId } = run('identity', 'show', '--resource-group', 'federation', '--name', 'shared');
    const { az: other, result } = login(clientId, '--federated-token', issuer.assertion(subject));
    answerOf(result);
    const token = answerOf(other('account', 'get-access-token', '--scope', 'https://graph.microsoft.com/.default')) as {
      accessToken: string;
    };
    const claims = JSON.parse(Buffer.from(token.accessToken.split('.')[1] ?? '', 'base64url').toString());
    assert.equal(claims.appid, clientId);
    assert.match(claims.xms_mirid, /userAssignedIdentities\/shared$/);
    assert.match(login(clientId, '--federated-token', issuer.assertion('other')).result.stderr, /AADSTS700213/);
  });

  it('az login --service-principal --federated-token, as an application', () => {
    const { appId } = makeApplication('federated');
    const parameters = JSON.stringify({ name: 'cluster', issuer: issuer.issuer, subject, audiences: [audience] });
    run('ad', 'app', 'federated-credential', 'create', '--id', appId, '--parameters', parameters);
    const { az: other, result } = login(appId, '--federated-token', issuer.assertion(subject));
    assert.equal((answerOf(result) as unknown[]).length, 1);
    assert.ok((answerOf(other('group', 'list')) as Shown[]).some(({ name }) => name === 'federation'));
    const [header, payload] = issuer.assertion(subject).split('.');
    const forged = `${header}.${payload}.${issuer.assertion('other').split('.')[2]}`;
    assert.match(login(appId, '--federated-token', forged).result.stderr, /AADSTS700027/);
  });

  it('az login --service-principal --federated-token, with the token of a machine’s identity', () => {
    const { appId } = makeApplication('trusts-console');
    const metadata = 'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=';
    const asked = postern.inside('console', [
      'curl',
      '-s',
      '-H',
      'Metadata: true',
      metadata + encodeURIComponent(audience),
    ]);
    const { access_token: token } = JSON.parse(asked.stdout) as { access_token: string };
    const { iss, sub } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    assert.match(login(appId, '--federated-token', token).result.stderr, /AADSTS70021\b/);
    const parameters = JSON.stringify({ name: 'console', issuer: iss, subject: sub, audiences: [audience] });
    run('ad', 'app', 'federated-credential', 'create', '--id', appId, '--parameters', parameters);
    const { az: other, result } = login(appId, '--federated-token', token);
    answerOf(result);
    answerOf(other('group', 'show', '--name', 'federation'));
  });

  it('az login --service-principal --certificate, made by az ad app credential reset --create-cert', () => {
    const { appId } = makeApplication('certified');
    const made = run<{ fileWithCertAndPrivateKey: string }>(
      'ad',
      'app',
      'credential',
      'reset',
      '--id',
      appId,
      '--create-cert',
    );
    const { az: other, result } = login(appId, '--certificate', made.fileWithCertAndPrivateKey);
    answerOf(result);
    answerOf(other('group', 'list'));
    const stranger = makeCertificate('stranger');
    assert.match(login(appId, '--certificate', stranger).result.stderr, /AADSTS700027/);
  });

  it('az login --service-principal --certificate, set by az ad app credential reset --cert', () => {
    const { appId } = makeApplication('registered');
    const file = makeCertificate('registered');
    const [certificate = ''] =
      /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(readFileSync(file, 'utf8')) ?? [];
    const publicPart = join(folder, 'registered.cer.pem');
    writeFileSync(publicPart, certificate);
    run('ad', 'app', 'credential', 'reset', '--id', appId, '--cert', `@${publicPart}`, '--append');
    answerOf(login(appId, '--certificate', file).result);
  });

  it('az login --service-principal --certificate --use-cert-sn-issuer', () => {
    const { appId, id } = makeApplication('renewed');
    const authority = makeCertificate('Contoso CA', ['-addext', 'basicConstraints=critical,CA:TRUE']);
    const issued = () => makeCertificate('web.contoso.com', ['-CA', authority, '-CAkey', authority]);
    const der = execFileSync('openssl', ['x509', '-in', authority, '-outform', 'DER']).toString('base64');
    const trusted = {
      authorityId: 'contoso',
      subjectName: 'web.contoso.com',
      authorities: [der],
      revokedCertificateIdentifiers: [],
    };
    const body = JSON.stringify({ trustedCertificateSubjects: [trusted] });
    const url = `${postern.environment.origin}/v1.0/applications/${id}`;
    const headers = ['--headers', 'Content-Type=application/json', '--resource', 'https://graph.microsoft.com/'];
    run('rest', '--method', 'patch', '--url', url, '--body', body, ...headers);
    for (const certificate of [issued(), issued()]) {
      assert.match(login(appId, '--certificate', certificate).result.stderr, /AADSTS700027/);
      answerOf(login(appId, '--certificate', certificate, '--use-cert-sn-issuer').result);
    }
    assert.match(
      login(appId, '--certificate', makeCertificate('web.contoso.com'), '--use-cert-sn-issuer').result.stderr,
      /AADSTS700027/,
    );
  });

  /** A key and its certificate in one file, as az takes it. */
  function makeCertificate(name: string, words: readonly string[] = []): string {
    const base = join(folder, `${name.replaceAll(' ', '-')}-${++configurations}`);
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`];
    execFileSync('openssl', [...request, ...words, '-keyout', `${base}.key`, '-out', `${base}.crt`], { stdio: 'pipe' });
    writeFileSync(`${base}.pem`, readFileSync(`${base}.key`, 'utf8') + readFileSync(`${base}.crt`, 'utf8'));
    return `${base}.pem`;
  }
});
