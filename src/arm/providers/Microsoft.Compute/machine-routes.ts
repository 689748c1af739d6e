import type { JsonObject } from '../../../core/json.ts';
import type { Call, Operation, ProviderContext, ResourceType, Work } from '../../provider-contract.ts';
import { announced } from './announce.ts';
import { apiVersions, namespace } from './api-versions.ts';
import { bringUp } from './bring-up.ts';
import { listSizesOf } from './catalog/sizes-operations.ts';
import { deleteMachine, removeMachine } from './delete-machine.ts';
import { linkedToMachine } from './linked-to-machine.ts';
import { acceptPower, changePower, type PowerWork } from './power.ts';
import { powerActions } from './power-actions.ts';
import { getInstanceView, getMachine, listMachines } from './read-machine.ts';
import { runActionOperation, runCommandOperations } from './run-command/routes.ts';

const answers = () => import('./machine-operations.ts');

const inSubscription = `/subscriptions/{subscriptionId}/providers/${namespace}/virtualMachines`;
const inGroup = `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/${namespace}/virtualMachines`;
const oneMachine = `${inGroup}/{vmName}`;
const type = `${namespace}/virtualMachines`;
const action = (verb: string): string => `${type}/${verb}`;

/** Virtual machines and their run commands. */
export function machineTypes(context: ProviderContext): readonly ResourceType[] {
  return [
    {
      type: 'virtualMachines',
      apiVersions,
      regional: true,
      operations: [
        ...readings(context),
        ...writings(context),
        ...powers(context),
        ...others(context),
        runActionOperation(context, oneMachine, type),
      ],
    },
    {
      type: 'virtualMachines/runCommands',
      apiVersions,
      regional: true,
      operations: runCommandOperations(context, oneMachine, type),
    },
  ];
}

function readings(context: ProviderContext): readonly Operation[] {
  const permission = action('read');
  return [
    { method: 'GET', path: inSubscription, permission, handle: (call) => listMachines(context, call) },
    { method: 'GET', path: inGroup, permission, handle: (call) => listMachines(context, call) },
    { method: 'GET', path: oneMachine, permission, handle: (call) => getMachine(context, call) },
    {
      method: 'GET',
      path: `${oneMachine}/instanceView`,
      permission: action('instanceView/read'),
      handle: (call) => getInstanceView(context, call),
    },
    {
      method: 'GET',
      path: `${oneMachine}/vmSizes`,
      permission: action('vmSizes/read'),
      handle: (call) => listSizesOf(context, call),
    },
  ];
}

function writings(context: ProviderContext): readonly Operation[] {
  const linked = (call: Call) => linkedToMachine(context, call);
  const path = oneMachine;
  return [
    {
      method: 'PUT',
      path,
      permission: action('write'),
      linked,
      handle: async (call) => (await answers()).putMachine(context, call),
    },
    {
      method: 'PATCH',
      path,
      permission: action('write'),
      linked,
      handle: async (call) => (await answers()).patchMachine(context, call),
    },
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

function others(context: ProviderContext): readonly Operation[] {
  const post = (word: string, handle: Operation['handle']): Operation => ({
    method: 'POST',
    path: `${oneMachine}/${word}`,
    permission: action(`${word}/action`),
    handle,
  });
  return [
    post('generalize', async (call) => (await answers()).generalizeMachine(context, call)),
    post('simulateEviction', async (call) => (await answers()).evictMachine(context, call)),
    post('performMaintenance', async (call) => (await answers()).refuseMaintenance(context, call)),
  ];
}

/** What machines and instances of scale sets set going: each names its machine. */
export function machineWorks(context: ProviderContext): Readonly<Record<string, Work>> {
  const power = (work: PowerWork): Work =>
    onMachine((resourceId, vmId) => changePower(context, resourceId, vmId, work));
  return {
    createMachine: onMachine((resourceId, vmId) => bringUp(context, resourceId, vmId)),
    deleteMachine: onMachine((resourceId, vmId) =>
      announced(context, { resourceId, vmId }, 'Terminate', () => removeMachine(context, resourceId, vmId)),
    ),
    ...Object.fromEntries(Object.values(powerActions).map((work) => [work, power(work)])),
  };
}

function onMachine(act: (resourceId: string, vmId: string) => ReturnType<Work>): Work {
  return (input: JsonObject) => act(String(input['resourceId']), String(input['vmId']));
}
