import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { refuse } from '../../src/core/refusal.ts';
import { armQuery, type Imds, openImds, systemAssigned, tokenPath, userAssigned, web1, web2 } from './fakes.ts';

const path = `${tokenPath}${armQuery}`;
const system = systemAssigned(web1);
const id1 = userAssigned('id1', '1');

let imds: Imds;
beforeEach(async () => {
  imds = await openImds();
  imds.attach(web1, [system, id1]);
  imds.attach(web2, [id1]);
});
afterEach(() => imds.close());

async function tokenOf(target = path, machine = web1): Promise<string> {
  const response = await imds.ask(target, { machine });
  assert.equal(response.status, 200, response.text);
  return response.json['access_token'] as string;
}

async function refusalOf(target = path): Promise<string | undefined> {
  const response = await imds.ask(target);
  assert.equal(response.status, 400);
  return response.json['error_description'];
}

describe('a held token', () => {
  it('is given again, with less time left each second', async () => {
    const first = await imds.ask(path);
    imds.advance(1);
    const second = await imds.ask(path);
    assert.equal(second.json['access_token'], first.json['access_token']);
    assert.equal(second.json['expires_in'], '86399');
    imds.advance(82);
    const later = await imds.ask(path);
    assert.equal(later.json['expires_in'], '86317');
    assert.equal(later.json['expires_on'], first.json['expires_on']);
    assert.equal(later.json['ext_expires_in'], '86399');
    assert.equal(imds.asked.length, 1);
  });

  it('is the same for each way of naming the identity', async () => {
    const token = await tokenOf();
    assert.equal(await tokenOf(`${path}&client_id=${system.clientId}`), token);
    assert.equal(await tokenOf(`${tokenPath}/${armQuery}&object_id=${system.principalId}`), token);
  });

  it('is of one resource as it is spelled, one identity and one machine', async () => {
    const tokens = [
      await tokenOf(),
      await tokenOf(`${tokenPath}?api-version=2018-02-01&resource=https://management.azure.com`),
      await tokenOf(`${path}&client_id=${id1.clientId}`),
      await tokenOf(path, web2),
    ];
    assert.equal(new Set(tokens).size, 4);
  });

  it('is renewed when ten minutes are left, and not a second before', async () => {
    const first = await tokenOf();
    imds.advance(86_400 - 601);
    assert.equal(await tokenOf(), first);
    imds.advance(1);
    assert.notEqual(await tokenOf(), first);
    assert.equal((await imds.ask(path)).json['expires_in'], '86400');
  });

  it('outlives a change of the machine that keeps the identity', async () => {
    const first = await tokenOf();
    imds.attach(web1, [system, id1], { tags: { a: 'b' } });
    assert.equal(await tokenOf(), first);
  });

  it('is not given again once the key that signed it has been taken away', async () => {
    const first = await tokenOf();
    imds.revokeKey();
    const second = await tokenOf();
    assert.notEqual(second, first);
    assert.equal(await tokenOf(), second);
  });

  it('is passed over by bypass_cache=true, and its successor is held from then on', async () => {
    const first = await tokenOf();
    const second = await tokenOf(`${path}&bypass_cache=true`);
    assert.notEqual(second, first);
    assert.equal(await tokenOf(), second);
    assert.notEqual(await tokenOf(`${path}&bypass_cache=True`), second);
  });
});

describe('an identity that goes away', () => {
  beforeEach(async () => void (await tokenOf()));

  it('gives no held token once it is taken off the machine', async () => {
    imds.attach(web1, []);
    assert.equal(await refusalOf(), 'Identity not found');
  });

  it('gives no held token once its principal is deleted, also before the machine shows it', async () => {
    imds.deletePrincipal(system);
    assert.equal(await refusalOf(), 'Identity not found');
    assert.equal(imds.asked.length, 1);
  });

  it('gives no held token once its principal is disabled: the token service has the word', async () => {
    imds.disablePrincipal(system);
    imds.issuerAnswers(() => refuse('AADSTS7000112', 'Application is disabled.'));
    const response = await imds.ask(path);
    assert.equal(response.status, 401);
    assert.equal(response.json['error'], 'unauthorized_client');
  });

  it('does not come back with the token of before when it is switched off and on', async () => {
    const renewed = systemAssigned(web1, '9');
    imds.attach(web1, [renewed]);
    const response = await imds.ask(path);
    assert.equal(response.json['client_id'], renewed.clientId);
    assert.equal(response.json['access_token'], 'token-2');
  });

  it('gives no token when it is deleted while one is being signed', async () => {
    const release = imds.holdIssuer();
    const answer = imds.ask(`${path}&bypass_cache=true`);
    while (imds.asked.length < 2) await new Promise(setImmediate);
    imds.deletePrincipal(system);
    release();
    assert.equal((await answer).json['error_description'], 'Identity not found');
  });
});

describe('requests at the same time', () => {
  it('share one issuance', async () => {
    const release = imds.holdIssuer();
    const answers = Promise.all(Array.from({ length: 20 }, () => tokenOf()));
    while (imds.asked.length < 1) await new Promise(setImmediate);
    release();
    assert.deepEqual(new Set(await answers), new Set(['token-1']));
    assert.equal(imds.asked.length, 1);
  });

  it('share a refusal, and the next one asks again', async () => {
    imds.issuerAnswers(() => refuse('AADSTS500011', 'no such resource'));
    assert.match((await refusalOf()) ?? '', /^AADSTS500011/);
    assert.match((await refusalOf()) ?? '', /^AADSTS500011/);
    assert.equal(imds.asked.length, 2);
  });
});
