import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isRefusal } from '../../../src/core/refusal.ts';
import { isPublicAddress, parseTrustedIssuer } from '../../../src/core/token/issuer-trust.ts';

describe('what an operator trusts', () => {
  const cases: readonly (readonly [string, object | undefined])[] = [
    ['https://Issuer.example', { host: 'issuer.example', port: 443, exact: true }],
    ['https://issuer.example:8443/', { host: 'issuer.example', port: 8443, exact: true }],
    ['https://localhost:9', { host: 'localhost', port: 9, exact: true }],
    ['https://[::1]:9', { host: '[::1]', port: 9, exact: true }],
    ['https://*.oic.prod-aks.azure.com', { host: '.oic.prod-aks.azure.com', port: 443, exact: false }],
    ['https://*.com', undefined],
    ['https://*', undefined],
    ['*', undefined],
    ['https://a.*.example', undefined],
    ['http://issuer.example', undefined],
    ['issuer.example', undefined],
    ['https://issuer.example/tenant', undefined],
    ['https://issuer.example:0', undefined],
    ['https://issuer.example:65536', undefined],
    ['https://me@issuer.example', undefined],
    ['', undefined],
  ];
  for (const [text, expected] of cases) {
    it(`'${text}': ${expected === undefined ? 'refused' : 'read'}`, () => {
      const trusted = parseTrustedIssuer(text);
      if (expected === undefined) assert.ok(isRefusal(trusted));
      else assert.deepEqual(trusted, expected);
    });
  }
});

describe('an address of the public internet', () => {
  const open = [
    '8.8.8.8',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.1.1',
    '100.128.0.1',
    '2606:4700::1111',
    '2a00::',
    '2002:808:808::1',
  ];
  const closed = [
    ...[
      '0.0.0.0',
      '10.1.2.3',
      '100.64.0.1',
      '127.0.0.1',
      '169.254.169.254',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.0.1',
    ],
    ...['198.18.0.1', '224.0.0.1', '255.255.255.255', '192.0.2.1', '198.51.100.7', '203.0.113.9'],
    ...[
      '::',
      '::1',
      'fe80::1%eth0',
      'fc00::1',
      'fd12:3456::1',
      'ff02::1',
      '2001:db8::1',
      '2001::1',
      '2002:7f00:1::',
      '2002:a00:1::',
    ],
    ...[
      '::ffff:127.0.0.1',
      '::ffff:8.8.8.8',
      '64:ff9b::a00:1',
      '1.2.3',
      '256.1.1.1',
      '1::2::3',
      ':::',
      'localhost',
      '',
      '0x7f.1',
    ],
  ];
  for (const address of open) it(`${address} is one`, () => assert.ok(isPublicAddress(address)));
  for (const address of closed) it(`'${address}' is none`, () => assert.ok(!isPublicAddress(address)));

  it('is told of any text without an error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), (text) => typeof isPublicAddress(text) === 'boolean'),
    );
  });

  it('is none of 10/8, whatever the rest', () => {
    fc.assert(fc.property(fc.ipV4(), (address) => !isPublicAddress(address.replace(/^\d+/, '10'))));
  });
});
