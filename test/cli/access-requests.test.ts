import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { JsonObject } from '../../src/core/json.ts';
import type { OperatorAccessRequest, OperatorMachine, OperatorWhy } from '../../src/host/operator/wire.ts';
import type { RunningHost } from '../../src/host/start.ts';
import { ask, makePlace, type Place, tokenForm } from '../host/running.ts';

interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

const program = resolve(import.meta.dirname, '../../bin/postern.js');
const roles = '/providers/Microsoft.Authorization/roleDefinitions';
const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
const operator = '9980e02c-c2be-4d73-94e8-173b1dc7cf3c';

describe('postern access request, requests, approve and deny', () => {
  let place: Place;
  let host: RunningHost;
  let machine: OperatorMachine;
  /** What a program has that uses the machine's identity. */
  let inside: Readonly<Record<string, string>>;
  let put: (path: string, properties: JsonObject) => Promise<void>;
  let scope: string;

  before(async () => {
    place = await makePlace();
    host = await place.start({ machines: 'doors' });
    await host.machinesReady;
    scope = `/subscriptions/${host.subscriptionId}`;
    machine = JSON.parse((await run(['vm', 'list', '--json'])).out)[0] as OperatorMachine;
    const { out } = await run(['vm', 'env', 'console', '--door', 'imds']);
    inside = Object.fromEntries(
      [...out.matchAll(/^export (\w+)='([^']*)'$/gm)].map(([, name, value]) => [name, value]),
    );
    put = await administrator();
    const eligible = { principalId: machine.principalId ?? '', requestType: 'AdminAssign' };
    await put(`roleEligibilityScheduleRequests/${randomUUID()}?api-version=2020-10-01`, {
      ...eligible,
      roleDefinitionId: `${roles}/${reader}`,
      posternActivation: { approvalRequired: true },
    });
  });
  after(async () => {
    await host?.stop();
    await place.remove();
  });

  function run(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    const options = { env: { ...process.env, POSTERN_DATA_DIR: place.dataDir, ...env } };
    return new Promise((done) => {
      execFile(process.execPath, [program, ...words], options, (error, out, err) =>
        done({ status: error === null ? 0 : Number(error.code), out, err }),
      );
    });
  }

  async function administrator() {
    const ca = readFileSync(join(host.paths.tls, 'ca.pem'), 'utf8');
    const admin = JSON.parse(readFileSync(host.paths.adminCredentials, 'utf8')) as {
      clientId: string;
      clientSecret: string;
    };
    const form = tokenForm(host.origin, admin);
    const { body } = await ask(host.origin, ca, `/${host.tenantId}/oauth2/v2.0/token`, form);
    const authorization = `Bearer ${(JSON.parse(body) as { access_token: string }).access_token}`;
    return async (path: string, properties: JsonObject) => {
      const answer = await ask(host.origin, ca, `${scope}/providers/Microsoft.Authorization/${path}`, {
        method: 'PUT',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ properties }),
      });
      assert.equal(answer.status, 201, answer.body);
    };
  }

  const request = (...words: readonly string[]) =>
    run(['access', 'request', '--role', 'Reader', '--reason', 'a \u001b[31mred\u001b[0m disk', ...words], inside);
  const pending = async () => JSON.parse((await run(['access', 'requests', '--json'])).out) as OperatorAccessRequest[];
  /** The one that waits, once there is one. */
  async function awaited(): Promise<OperatorAccessRequest> {
    for (;;) {
      const [first] = await pending();
      if (first !== undefined) return first;
    }
  }

  it('tells who waits what was decided, and what was said', async () => {
    const waiting = request('--wait');
    const { id } = await awaited();
    assert.equal((await run(['access', 'deny', id, '--reason', 'not on a Friday'])).status, 0);
    const { status, out } = await waiting;
    assert.equal(status, 5);
    assert.match(out, /^Denied: Reader at \/subscriptions\/\S+: not on a Friday$/m);
  });

  it('lists what waits without letting its reason steer the terminal, and what is decided with --all', async () => {
    const { out } = await request('--json');
    const { id } = JSON.parse(out) as { id: string };
    const listed = await run(['access', 'requests']);
    assert.match(listed.out, new RegExp(`${id} +PendingApproval .* PT1H +a \u{fffd}\\[31mred\u{fffd}\\[0m disk`, 'u'));
    assert.equal((await request()).err, 'postern: There is already an existing pending Role assignment request.\n');
    const approved = await run(['access', 'approve', id.toUpperCase()]);
    assert.match(approved.out, /^Provisioned: Reader at/);
    assert.deepEqual(await pending(), []);
    const all = JSON.parse((await run(['access', 'requests', '--all', '--json'])).out) as OperatorAccessRequest[];
    assert.deepEqual(all.map(({ status }) => status).toSorted(), ['Denied', 'Provisioned']);
    const again = await run(['access', 'approve', id]);
    assert.deepEqual([again.status, /waits for a decision/.test(again.err)], [1, true]);
  });

  it('asks with the identity that is named, which the machine must have', async () => {
    const refused = await request('--client-id', randomUUID());
    assert.deepEqual(
      [refused.status, refused.err],
      [1, 'postern: the metadata service gave no token: Identity not found\n'],
    );
  });

  it('is explained by why, of any identity with a token that a machine got', async () => {
    const principalId = randomUUID();
    const condition = `@Environment[Postern/machine:resourceId] StringEqualsIgnoreCase '${machine.resourceId}' AND @Principal[Postern/actor:userName] StringEquals 'alice'`;
    await put(`roleAssignments/${randomUUID()}?api-version=2022-04-01`, {
      principalId,
      principalType: 'ServicePrincipal',
      roleDefinitionId: `${roles}/${operator}`,
      condition,
    });
    const why = async (...words: readonly string[]) => {
      const asked = ['--principal', principalId, '--action', 'Microsoft.Compute/virtualMachines/write', ...words];
      return JSON.parse((await run(['access', 'why', '--json', ...asked])).out) as OperatorWhy;
    };
    assert.equal((await why('--machine', 'console', '--user', 'alice')).allowed, true);
    assert.match((await why('--machine', 'console', '--user', 'bob')).reason, /'alice' is false$/);
    assert.match((await why('--user', 'alice')).reason, /Postern\/machine:resourceId\] is not known$/);
  });

  it('says where it has to be run', async () => {
    const nowhere = { ...inside, AZURE_POD_IDENTITY_AUTHORITY_HOST: 'http://127.0.0.1:1' };
    const { status, err } = await run(['access', 'request', '--role', 'Reader', '--reason', 'r'], nowhere);
    assert.equal(status, 1);
    assert.match(err, /run this inside a machine/);
  });
});
