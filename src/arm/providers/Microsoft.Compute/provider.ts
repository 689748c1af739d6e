// Microsoft.Compute: virtual machines, which the machine host makes real. A machine's document, power record and principal
// are written together; what takes time is a work, done one at a time for each machine and taken up again after a restart.

import { linkedIdentities } from '../../../core/identity/change-identity.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { Call, Operation, Provider, ProviderContext, Work } from '../../provider-contract.ts';
import { announced } from './announce.ts';
import { bringUp } from './bring-up.ts';
import { deleteMachine, removeMachine, tearDownMachine } from './delete-machine.ts';
import { machineKey } from './machine-document.ts';
import { acceptPower, changePower, type PowerWork } from './power.ts';
import { getInstanceView, getMachine, listMachines } from './read-machine.ts';
import { patchMachine, putMachine } from './write-machine.ts';

const namespace = 'Microsoft.Compute';
const inSubscription = `/subscriptions/{subscriptionId}/providers/${namespace}/virtualMachines`;
const inGroup = `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/${namespace}/virtualMachines`;
const oneMachine = `${inGroup}/{vmName}`;
const action = (verb: string): string => `${namespace}/virtualMachines/${verb}`;

const apiVersions = [
  '2026-04-01',
  '2025-11-01',
  '2025-04-01',
  '2024-11-01',
  '2024-07-01',
  '2024-03-01',
  '2023-09-01',
  '2022-11-01',
  '2022-08-01',
  '2021-07-01',
  '2020-06-01',
  '2019-07-01',
  '2018-06-01',
];

/** The actions on a machine's power, by their last word. */
const powerActions: Readonly<Record<string, PowerWork>> = {
  start: 'startMachine',
  powerOff: 'powerOffMachine',
  deallocate: 'deallocateMachine',
  restart: 'restartMachine',
  redeploy: 'redeployMachine',
};

/** The compute resource provider over what it is given. */
export function compute(context: ProviderContext): Provider {
  return {
    namespace,
    resourceTypes: [
      {
        type: 'virtualMachines',
        apiVersions,
        regional: true,
        operations: [...readings(context), ...writings(context), ...powers(context)],
      },
    ],
    works: worksOf(context),
    teardown: { 'microsoft.compute/virtualmachines': (resourceId) => tearDownMachine(context, resourceId) },
  };
}

function readings(context: ProviderContext): readonly Operation[] {
  return [
    { method: 'GET', path: inSubscription, permission: action('read'), handle: (call) => listMachines(context, call) },
    { method: 'GET', path: inGroup, permission: action('read'), handle: (call) => listMachines(context, call) },
    { method: 'GET', path: oneMachine, permission: action('read'), handle: (call) => getMachine(context, call) },
    {
      method: 'GET',
      path: `${oneMachine}/instanceView`,
      permission: action('instanceView/read'),
      handle: (call) => getInstanceView(context, call),
    },
  ];
}

function writings(context: ProviderContext): readonly Operation[] {
  const linked = async (call: Call) => {
    const before = (await context.store.get(machineKey(call.resourceId)))?.body['identity'];
    return linkedIdentities(context, before, isJsonObject(call.body) ? call.body['identity'] : undefined);
  };
  const path = oneMachine;
  return [
    { method: 'PUT', path, permission: action('write'), linked, handle: (call) => putMachine(context, call) },
    { method: 'PATCH', path, permission: action('write'), linked, handle: (call) => patchMachine(context, call) },
    { method: 'DELETE', path, permission: action('delete'), handle: (call) => deleteMachine(context, call) },
  ];
}

function powers(context: ProviderContext): readonly Operation[] {
  return Object.entries(powerActions).map(([word, work]) => ({
    method: 'POST' as const,
    path: `${oneMachine}/${word}`,
    permission: action(`${word}/action`),
    handle: (call: Call) => acceptPower(context, call, work),
  }));
}

function worksOf(context: ProviderContext): Readonly<Record<string, Work>> {
  const power = (work: PowerWork): Work =>
    onMachine((resourceId, vmId) => changePower(context, resourceId, vmId, work));
  return {
    createMachine: onMachine((resourceId, vmId) => bringUp(context, resourceId, vmId)),
    deleteMachine: onMachine((resourceId, vmId) =>
      announced(context, { resourceId, vmId }, 'Terminate', () => removeMachine(context, resourceId, vmId)),
    ),
    startMachine: power('startMachine'),
    powerOffMachine: power('powerOffMachine'),
    deallocateMachine: power('deallocateMachine'),
    restartMachine: power('restartMachine'),
    redeployMachine: power('redeployMachine'),
  };
}

function onMachine(act: (resourceId: string, vmId: string) => ReturnType<Work>): Work {
  return (input: JsonObject) => act(String(input['resourceId']), String(input['vmId']));
}
