import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type FederatedFault,
  isFederatedFault,
  judgeBeside,
  maxFederatedCredentials,
  parseFederatedCredential,
} from '../../../src/core/identity/federated-credential.ts';
import { refuseFaultAtArm, refuseFaultAtGraph } from '../../../src/core/identity/federated-fault.ts';
import type { FederatedCredential } from '../../../src/core/ports/directory.ts';

const issuer = 'https://token.actions.githubusercontent.com';
const subject = 'repo:contoso/web:ref:refs/heads/main';
const audiences = ['api://AzureADTokenExchange'];
const good = { issuer, subject, audiences };

function faultOf(name: string, properties: Parameters<typeof parseFederatedCredential>[1]): string {
  const parsed = parseFederatedCredential(name, properties);
  return isFederatedFault(parsed) ? parsed.fault : 'none';
}

describe('a federated identity credential', () => {
  it('is its name, issuer, subject, one audience and a description', () => {
    const text = { ...good, description: 'main branch' };
    assert.deepEqual(parseFederatedCredential('github-main', text), { name: 'github-main', ...text });
    assert.deepEqual(parseFederatedCredential('github-main', { ...good, description: null }), {
      name: 'github-main',
      ...good,
    });
  });

  const names: readonly (readonly [string, string])[] = [
    ['abc', 'none'],
    ['ab', 'name'],
    ['1-_', 'none'],
    ['-ab', 'name'],
    ['a'.repeat(120), 'none'],
    ['a'.repeat(121), 'name'],
    ['a b', 'name'],
    ['abc\n', 'name'],
  ];
  for (const [name, fault] of names) {
    it(`may be called ${JSON.stringify(name.slice(0, 12))} (${name.length} characters): ${fault}`, () => {
      assert.equal(faultOf(name, good), fault);
    });
  }

  const bodies: readonly (readonly [string, Parameters<typeof parseFederatedCredential>[1], string])[] = [
    ['nothing', undefined, 'missing'],
    ['no issuer', { subject, audiences }, 'missing'],
    ['an empty subject', { ...good, subject: '' }, 'missing'],
    ['audiences that are a text', { ...good, audiences: 'api://AzureADTokenExchange' }, 'missing'],
    ['no audience', { ...good, audiences: [] }, 'audienceCount'],
    ['two audiences', { ...good, audiences: ['a', 'b'] }, 'audienceCount'],
    ['an audience of 600 characters', { ...good, audiences: ['a'.repeat(600)] }, 'none'],
    ['an audience of 601 characters', { ...good, audiences: ['a'.repeat(601)] }, 'tooLong'],
    ['a subject of 601 characters', { ...good, subject: 'a'.repeat(601) }, 'tooLong'],
    ['an issuer of 600 characters', { ...good, issuer: `https://a.example/${'a'.repeat(582)}` }, 'none'],
    ['an issuer of 601 characters', { ...good, issuer: `https://a.example/${'a'.repeat(583)}` }, 'tooLong'],
    ['a description of 601 characters', { ...good, description: 'a'.repeat(601) }, 'tooLong'],
    ['an issuer that ends with a space', { ...good, issuer: `${issuer} ` }, 'whitespace'],
    ['a subject that begins with a tab', { ...good, subject: `\t${subject}` }, 'whitespace'],
    ['an issuer over http', { ...good, issuer: 'http://a.example' }, 'issuer'],
    ['an issuer with a query', { ...good, issuer: 'https://a.example/?x=1' }, 'issuer'],
    ['an issuer with a user', { ...good, issuer: 'https://me@a.example' }, 'issuer'],
    ['an issuer that is a word', { ...good, issuer: 'issuer' }, 'issuer'],
    ['an issuer with a port and a path', { ...good, issuer: 'https://a.example:8443/tenant/v2.0' }, 'none'],
  ];
  for (const [title, body, fault] of bodies) {
    it(`with ${title}: ${fault}`, () => assert.equal(faultOf('github', body), fault));
  }
});

describe('a federated credential beside others', () => {
  const credential = (name: string, more: Partial<FederatedCredential> = {}): FederatedCredential => ({
    id: name,
    name,
    ...good,
    ...more,
  });

  it('has an issuer and subject that no other has, told apart by letter case', () => {
    const existing = [credential('one')];
    assert.equal(judgeBeside(credential('two'), existing)?.fault, 'combination');
    assert.equal(judgeBeside(credential('two', { subject: subject.toUpperCase() }), existing), undefined);
    assert.equal(judgeBeside(credential('two', { issuer: `${issuer}/` }), existing), undefined);
  });

  it('replaces the one of its own name, in any letter case', () => {
    assert.equal(judgeBeside(credential('ONE'), [credential('one')]), undefined);
  });

  it('is at most the twentieth', () => {
    const many = Array.from({ length: maxFederatedCredentials }, (_, at) =>
      credential(`n-${at}`, { subject: `s${at}` }),
    );
    assert.equal(judgeBeside(credential('next'), many)?.fault, 'tooMany');
    assert.equal(judgeBeside(credential('next'), many.slice(1)), undefined);
    assert.equal(judgeBeside(credential('n-3', { subject: 'other' }), many), undefined);
  });
});

describe('a fault of a federated credential', () => {
  const faults: readonly (readonly [FederatedFault, string])[] = [
    [{ fault: 'name', name: 'a' }, 'InvalidResourceName'],
    [{ fault: 'missing', field: 'issuer' }, 'BadRequest'],
    [{ fault: 'audienceCount', count: 2 }, 'InvalidFederatedIdentityCredentialsAudienceLength'],
    [{ fault: 'tooLong', field: 'subject', length: 601 }, 'BadRequest'],
    [{ fault: 'issuer', issuer: 'x' }, 'BadRequest'],
    [{ fault: 'whitespace', field: 'issuer', value: ' x' }, 'BadRequest'],
    [{ fault: 'combination', issuer, subject }, 'Conflict'],
    [{ fault: 'tooMany', limit: 20 }, 'BadRequest'],
  ];
  for (const [fault, code] of faults) {
    it(`${fault.fault}: ${code} of Resource Manager, InvalidFederatedIdentityCredentialValue of Graph`, () => {
      assert.equal(refuseFaultAtArm(fault).refused, code);
      assert.equal(refuseFaultAtGraph(fault).refused, 'InvalidFederatedIdentityCredentialValue');
    });
  }
});
