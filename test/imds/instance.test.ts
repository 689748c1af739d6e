import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { JsonObject } from '../../src/core/json.ts';
import { apiVersions } from '../../src/imds/api-versions.ts';
import { describeInstance } from '../../src/imds/instance-document.ts';
import { asOf, type Branch, type Element, findElement } from '../../src/imds/instance-element.ts';
import { introducedIn } from '../../src/imds/instance-fields.ts';
import { group, type Imds, openImds, systemAssigned, tenantId, web1, web2 } from './fakes.ts';

const newest = apiVersions[0];

const resource: JsonObject = {
  id: web1,
  name: 'web-1',
  type: 'Microsoft.Compute/virtualMachines',
  location: 'westeurope',
  tags: { role: 'web', stage: 'café' },
  zones: ['2'],
  properties: {
    hardwareProfile: { vmSize: 'Standard_B1s' },
    storageProfile: {
      imageReference: {
        publisher: 'Canonical',
        offer: 'server',
        sku: '24_04',
        version: 'latest',
        exactVersion: '24.04.1',
      },
      osDisk: { name: 'os', osType: 'Linux', diskSizeGB: 30, managedDisk: { storageAccountType: 'Premium_LRS' } },
      dataDisks: [{ lun: 0, name: 'data', diskSizeGB: 64, writeAcceleratorEnabled: true }],
    },
    osProfile: {
      computerName: 'web-1',
      adminUsername: 'azureuser',
      linuxConfiguration: {
        disablePasswordAuthentication: true,
        ssh: { publicKeys: [{ path: '/home/azureuser/.ssh/authorized_keys', keyData: 'ssh-rsa AAAA' }] },
      },
    },
    securityProfile: { securityType: 'TrustedLaunch', uefiSettings: { secureBootEnabled: true } },
    userData: 'aGk=',
  },
};

let imds: Imds;
beforeEach(async () => {
  imds = await openImds();
  imds.attach(web1, [systemAssigned(web1)], resource);
  imds.attach(web2, []);
});
afterEach(() => imds.close());

const instance = (path: string, query = '') => imds.ask(`/metadata/instance${path}?api-version=2021-02-01${query}`);
const leaf = async (path: string) => (await instance(path, '&format=text')).text;

function leavesOf(element: Element): readonly unknown[] {
  return typeof element === 'object' ? Object.values(element).flatMap(leavesOf) : [element];
}

describe('the instance document', () => {
  it('describes the machine by its resource', async () => {
    const { compute } = (await instance('')).json as unknown as { compute: Record<string, unknown> };
    assert.equal(compute['name'], 'web-1');
    assert.equal(compute['location'], 'westeurope');
    assert.equal(compute['vmSize'], 'Standard_B1s');
    assert.equal(compute['vmId'], 'ffffffff-0000-4000-8000-000000000001');
    assert.equal(compute['resourceId'], web1);
    assert.equal(compute['resourceGroupName'], 'rg1');
    assert.equal(compute['subscriptionId'], group.split('/')[2]);
    assert.equal(compute['zone'], '2');
    assert.equal(compute['version'], '24.04.1');
    assert.equal(compute['tags'], 'role:web;stage:café');
    assert.deepEqual(compute['tagsList'], [
      { name: 'role', value: 'web' },
      { name: 'stage', value: 'café' },
    ]);
    assert.deepEqual(compute['osProfile'], {
      adminUsername: 'azureuser',
      computerName: 'web-1',
      disablePasswordAuthentication: 'true',
    });
  });

  it('has strings only, and none absent, for a full machine and for a bare one', () => {
    for (const stored of [resource, {}, { properties: null, tags: [], zones: 'x' }]) {
      const document = describeInstance({ resourceId: web1, vmId: 'v', identities: [], resource: stored });
      for (const value of leavesOf(document)) assert.equal(typeof value, 'string');
    }
  });

  it('never shows the identities nor the custom data', async () => {
    imds.attach(web1, [systemAssigned(web1)], {
      ...resource,
      identity: { principalId: 'x' },
      properties: { osProfile: { customData: 'c2VjcmV0' } },
    });
    const { text } = await instance('');
    assert.doesNotMatch(text, /identity|c2VjcmV0/);
    assert.match(text, /"customData":""/);
  });

  it('has the names of each level in alphabetical order', () => {
    const compute = describeInstance({ resourceId: web1, vmId: 'v', identities: [], resource })['compute'] as Branch;
    const byLetter = (names: string[]) => names.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
    assert.deepEqual(Object.keys(compute), byLetter(Object.keys(compute)));
  });

  it('is reached by subtree, in any letter case and with a trailing slash', async () => {
    for (const path of ['/compute', '/Compute/', '/COMPUTE']) {
      assert.equal((await instance(path)).json['name'], 'web-1');
    }
    assert.deepEqual(Object.keys((await instance('/network')).json), ['interface']);
  });
});

describe('the api-version of an element', () => {
  const view = { resourceId: web1, vmId: 'v', identities: [], resource };

  for (const [path, version] of Object.entries(introducedIn)) {
    it(`is ${version} for ${path}, and it is absent before`, () => {
      const before = apiVersions[apiVersions.indexOf(version) + 1];
      // The first of an array stands for all.
      const steps = path.replace('/dataDisks/', '/dataDisks/0/').split('/');
      assert.notEqual(findElement(asOf(version, describeInstance(view)), steps), undefined);
      if (before !== undefined) assert.equal(findElement(asOf(before, describeInstance(view)), steps), undefined);
    });
  }

  it('is known for every field of compute', () => {
    const compute = describeInstance(view)['compute'] as Branch;
    for (const name of Object.keys(compute)) assert.ok(introducedIn[`compute/${name}`], name);
  });

  for (const query of ['', '?api-version=', '?api-version=2021-02-02', '?api-version=2099-01-01']) {
    it(`refuses '${query}' and names the newest ones`, async () => {
      const response = await imds.ask(`/metadata/instance/compute${query}`);
      assert.equal(response.status, 400);
      assert.equal(
        response.text,
        '{"error":"Bad request. api-version is invalid or was not specified in the request. For more information refer to aka.ms/azureimds","newest-versions":["2025-04-07","2024-07-17","2024-03-15"]}',
      );
    });
  }
});

describe('a leaf', () => {
  it('is answered as text', async () => {
    const response = await instance('/compute/location', '&format=text');
    assert.equal(response.text, 'westeurope');
    assert.equal(response.headers['content-type'], 'text/plain; charset=utf-8');
    assert.equal(await leaf('/compute/tagsList/1/value'), 'café');
    assert.equal(await leaf('/compute/storageProfile/dataDisks/0/diskSizeGB'), '64');
    assert.equal(await leaf('/network/interface/0/ipv4/ipAddress/0/privateIpAddress'), '');
  });

  it('is refused without format=text', async () => {
    for (const query of ['', '&format=json']) {
      const response = await instance('/compute/location', query);
      assert.equal(response.status, 400);
      assert.match(response.json['error'] ?? '', /format=text/);
    }
  });

  it('of an unknown format is refused', async () => {
    assert.equal((await instance('/compute', '&format=xml')).status, 400);
  });
});

describe('text form above the leaves', () => {
  it('lists the names, a slash after those with more below', async () => {
    assert.equal(await leaf(''), 'compute/\nnetwork/');
    assert.equal(await leaf('/network/interface'), '0/');
    assert.equal(await leaf('/network/interface/0'), 'ipv4/\nipv6/\nmacAddress');
  });
});

describe('a data disk', () => {
  const disks = [
    { lun: 0, diskSizeGB: 64, diskIOPSReadWrite: 500, managedDisk: { storageAccountType: 'Premium_LRS' } },
    {
      lun: 1,
      diskSizeGB: 1024,
      diskIOPSReadWrite: 65_280,
      diskMBpsReadWrite: 979,
      managedDisk: { storageAccountType: 'UltraSSD_LRS' },
    },
  ];
  const names = [
    'bytesPerSecondThrottle',
    'diskCapacityBytes',
    'isSharedDisk',
    'isUltraDisk',
    'opsPerSecondThrottle',
  ] as const;
  const ofDisk = async (lun: number) => {
    imds.attach(web1, [], { properties: { storageProfile: { dataDisks: disks } } });
    const answer = await imds.ask(`/metadata/instance/compute/storageProfile/dataDisks/${lun}?api-version=2021-05-01`);
    return names.map((name) => answer.json[name]);
  };

  it('has limits when it is an ultra disk', async () => {
    assert.deepEqual(await ofDisk(1), ['979000000', '1099511627776', 'false', 'true', '65280']);
  });

  it('has empty ones when it is none', async () => {
    assert.deepEqual(await ofDisk(0), ['', '', '', 'false', '']);
  });
});

describe('a machine of a scale set', () => {
  const sets = `${group}/providers/Microsoft.Compute/virtualMachineScaleSets`;
  const fieldsOf = (resourceId: string, stored: JsonObject) => {
    const compute = describeInstance({ resourceId, vmId: 'v', identities: [], resource: stored })['compute'] as Branch;
    const { id } = compute['virtualMachineScaleSet'] as { id: string };
    return [compute['name'], compute['vmScaleSetName'], id, compute['resourceId']];
  };

  it('with uniform orchestration has the name of the set and its number', () => {
    const id = `${sets}/Pool/virtualMachines/3`;
    assert.deepEqual(fieldsOf(id, { name: 'Pool_3' }), ['Pool_3', 'Pool', '', id]);
  });

  it('with flexible orchestration has its own name, and the id of the set', () => {
    const stored = { name: 'web-1', properties: { virtualMachineScaleSet: { id: `${sets}/Pool` } } };
    assert.deepEqual(fieldsOf(web1, stored), ['web-1', 'Pool', `${sets}/Pool`, web1]);
  });

  it('is none without either', () => {
    assert.deepEqual(fieldsOf(web1, { name: 'web-1' }), ['web-1', '', '', web1]);
  });
});

describe('the physical zone', () => {
  it('is that of the zone, and none without one', async () => {
    const zoneOf = async () =>
      (await imds.ask('/metadata/instance/compute/physicalZone?api-version=2023-11-15&format=text')).text;
    assert.equal(await zoneOf(), 'westeurope-az2');
    imds.attach(web1, [], { location: 'westeurope' });
    assert.equal(await zoneOf(), '');
  });
});

describe('an element that is not there', () => {
  for (const path of [
    '/x',
    '/compute/x',
    '/compute/name/x',
    '/compute/tagsList/2',
    '/compute/tagsList/-1',
    '/compute/tagsList/00',
    '/compute/tagsList/length',
    '/compute/__proto__',
    '/compute/constructor',
    '/compute/securityProfile/securityType',
  ]) {
    it(`is 404: ${path}`, async () => assert.equal((await instance(path)).status, 404));
  }
});

describe('the rules of the door outside the identity endpoints', () => {
  it('are refused in the shape of one sentence', async () => {
    for (const path of ['/metadata/instance', '/metadata/versions']) {
      const response = await imds.ask(path, { headers: {} });
      assert.equal(response.status, 400);
      assert.equal(response.text, '{"error":"Bad request. Required metadata header not specified"}');
      assert.equal((await imds.ask(path, { method: 'POST' })).status, 405);
    }
  });

  it('let a deleted machine see nothing', async () => {
    imds.deleteMachine(web1);
    assert.equal((await instance('')).status, 404);
  });
});

describe('/metadata/versions', () => {
  it('lists the versions from the oldest on, and needs none', async () => {
    const { apiVersions: listed } = (await imds.ask('/metadata/versions')).json as unknown as { apiVersions: string[] };
    assert.equal(listed[0], '2017-03-01');
    assert.equal(listed.at(-1), newest);
    assert.deepEqual(listed, listed.toSorted());
  });
});

describe('/metadata/identity/info', () => {
  it('answers the tenant', async () => {
    const response = await imds.ask('/metadata/identity/info?api-version=2018-02-01');
    assert.equal(response.text, JSON.stringify({ tenantId }));
  });

  it('refuses in the shape of the identity endpoints', async () => {
    const old = await imds.ask('/metadata/identity/info?api-version=2017-12-01');
    assert.equal(old.json['error'], 'invalid_request');
    const none = await imds.ask('/metadata/identity/info?api-version=2018-02-01', { machine: web2 });
    assert.deepEqual(none.json, { error: 'invalid_request', error_description: 'Identity not found' });
  });
});
