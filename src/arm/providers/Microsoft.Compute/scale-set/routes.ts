// Scale sets of uniform orchestration: a set keeps `sku.capacity` machines of one model, and they share its identities. An
// instance is a machine like any other, whose document lies below its set's; what a set does, it does to each of them.

import type { JsonObject } from '../../../../core/json.ts';
import type { Call, Operation, ProviderContext, ResourceType, Work } from '../../../provider-contract.ts';
import { apiVersions, namespace } from '../api-versions.ts';
import { linkedToMachine } from '../linked-to-machine.ts';
import { acceptPower } from '../power.ts';
import { powerActions } from '../power-actions.ts';
import { runActionOperation, runCommandOperations } from '../run-command/routes.ts';
import type { InstanceWork } from './set-actions.ts';

const answers = () => import('./operations.ts');

const type = `${namespace}/virtualMachineScaleSets`;
const inSubscription = `/subscriptions/{subscriptionId}/providers/${type}`;
const inRegion = `/subscriptions/{subscriptionId}/providers/${namespace}/locations/{location}/virtualMachineScaleSets`;
const inGroup = `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/${type}`;
const oneSet = `${inGroup}/{vmScaleSetName}`;
const instances = `${oneSet}/virtualMachines`;
const oneInstance = `${instances}/{instanceId}`;

/** What is done to instances of a set, by the last word of the path and of the permission. */
const setActions: Readonly<Record<string, readonly [InstanceWork, string]>> = {
  start: ['startMachine', 'start'],
  poweroff: ['powerOffMachine', 'powerOff'],
  deallocate: ['deallocateMachine', 'deallocate'],
  restart: ['restartMachine', 'restart'],
  redeploy: ['redeployMachine', 'redeploy'],
  reapply: ['reapplyMachine', 'reapply'],
  reimage: ['reimageMachine', 'reimage'],
  reimageall: ['reimageMachine', 'reimageAll'],
  manualupgrade: ['upgradeInstance', 'manualUpgrade'],
};

/** Scale sets, their instances and the instances' run commands. */
export function scaleSetTypes(context: ProviderContext): readonly ResourceType[] {
  const types: Readonly<Record<string, readonly Operation[]>> = {
    virtualMachineScaleSets: [...readings(context), ...writings(context), ...actions(context)],
    'virtualMachineScaleSets/virtualMachines': instanceOperations(context),
    'virtualMachineScaleSets/virtualMachines/runCommands': runCommandOperations(
      context,
      oneInstance,
      `${type}/virtualMachines`,
    ),
    'locations/virtualMachineScaleSets': [
      {
        method: 'GET',
        path: inRegion,
        permission: `${type}/read`,
        permissionScope: '/subscriptions/{subscriptionId}',
        handle: async (call) => (await answers()).listSets(context, call),
      },
    ],
  };
  return Object.entries(types).map(([name, operations]) => ({
    ...{ type: name, apiVersions, regional: !name.startsWith('locations/'), operations },
  }));
}

function readings(context: ProviderContext): readonly Operation[] {
  const permission = `${type}/read`;
  return [
    {
      method: 'GET',
      path: inSubscription,
      permission,
      handle: async (call) => (await answers()).listSets(context, call),
    },
    { method: 'GET', path: inGroup, permission, handle: async (call) => (await answers()).listSets(context, call) },
    { method: 'GET', path: oneSet, permission, handle: async (call) => (await answers()).getSet(context, call) },
    {
      method: 'GET',
      path: `${oneSet}/instanceView`,
      permission: `${type}/instanceView/read`,
      handle: async (call) => (await answers()).getSetView(context, call),
    },
    {
      method: 'GET',
      path: `${oneSet}/skus`,
      permission: `${type}/skus/read`,
      handle: async (call) => (await answers()).listSetSkus(context, call),
    },
  ];
}

function writings(context: ProviderContext): readonly Operation[] {
  const linked = (call: Call) => linkedToMachine(context, call);
  const path = oneSet;
  return [
    {
      method: 'PUT',
      path,
      permission: `${type}/write`,
      linked,
      handle: async (call) => (await answers()).putSet(context, call),
    },
    {
      method: 'PATCH',
      path,
      permission: `${type}/write`,
      linked,
      handle: async (call) => (await answers()).patchSet(context, call),
    },
    {
      method: 'DELETE',
      path,
      permission: `${type}/delete`,
      handle: async (call) => (await answers()).deleteSet(context, call),
    },
  ];
}

function actions(context: ProviderContext): readonly Operation[] {
  const power = Object.entries(setActions).map(([word, [work, permitted]]) => ({
    method: 'POST' as const,
    path: `${oneSet}/${word}`,
    permission: `${type}/${permitted}/action`,
    handle: async (call: Call) => (await answers()).acceptForInstances(context, call, work),
  }));
  const path = `${oneSet}/delete`;
  const handle = async (call: Call) => (await answers()).deleteInstances(context, call);
  return [...power, { method: 'POST', path, permission: `${type}/delete/action`, handle }];
}

function instanceOperations(context: ProviderContext): readonly Operation[] {
  const its = `${type}/virtualMachines`;
  const path = oneInstance;
  return [
    {
      method: 'GET',
      path: instances,
      permission: `${its}/read`,
      handle: async (call) => (await answers()).listInstances(context, call),
    },
    {
      method: 'GET',
      path,
      permission: `${its}/read`,
      handle: async (call) => (await answers()).getInstance(context, call),
    },
    {
      method: 'DELETE',
      path,
      permission: `${its}/delete`,
      handle: async (call) => (await answers()).deleteInstance(context, call),
    },
    {
      method: 'GET',
      path: `${path}/instanceView`,
      permission: `${its}/instanceView/read`,
      handle: async (call) => (await answers()).getInstanceView(context, call),
    },
    ...Object.entries(powerActions).map(([word, work]) => ({
      method: 'POST' as const,
      path: `${path}/${word}`,
      permission: `${its}/${word}/action`,
      handle: (call: Call) => acceptPower(context, call, work),
    })),
    runActionOperation(context, path, its),
  ];
}

/** What they set going. */
export function scaleSetWorks(context: ProviderContext): Readonly<Record<string, Work>> {
  const onSet = (work: 'convergeSet' | 'removeSet') => async (input: JsonObject) =>
    (await answers())[work](context, String(input['resourceId']), String(input['uniqueId']));
  return {
    convergeScaleSet: onSet('convergeSet'),
    deleteScaleSet: onSet('removeSet'),
    workOnInstances: async (input) => (await answers()).workOnInstances(context, input),
  };
}
