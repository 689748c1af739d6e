import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withNetworkNames } from '../../../src/arm/generic/network-names.ts';

const of = (type: string, properties: Parameters<typeof withNetworkNames>[0]['properties']) =>
  withNetworkNames({ id: `/net/${type}/a`, type, location: 'eastus', properties });

describe('what the names of a network resource say', () => {
  it('is an id for each named part', () => {
    const subnets = [{ name: 's', properties: { addressPrefix: '10.0.0.0/24' } }];
    assert.deepEqual(of('virtualNetworks', { subnets })['subnets'], [
      { name: 's', properties: { addressPrefix: '10.0.0.0/24' }, id: '/net/virtualNetworks/a/subnets/s' },
    ]);
    assert.deepEqual(of('virtualNetworks', { list: ['x'], mixed: [{ name: 'n' }] }), {
      list: ['x'],
      mixed: [{ name: 'n' }],
    });
  });

  it('is the domain name of a public address with a label, and no address', () => {
    const settings = { dnsSettings: { domainNameLabel: 'web' } };
    assert.deepEqual(of('publicIPAddresses', settings), {
      dnsSettings: { domainNameLabel: 'web', fqdn: 'web.eastus.cloudapp.azure.com' },
    });
    assert.deepEqual(of('networkInterfaces', settings), settings);
  });
});
