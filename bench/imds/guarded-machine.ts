import { openResourceManager, type ResourceManager } from '../arm/resource-manager.ts';
import { putProfile } from './profile.ts';

/** A Postern that has one machine. */
export interface MachineOfPostern {
  readonly manager: ResourceManager;
  readonly machineResourceId: string;
}

/** The user of the machine who asks. */
export const askingUser = 'alice';

/** What it asks for. */
export const question = {
  paths: ['/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fmanagement.azure.com%2F'],
  headers: ['Metadata: true'],
} as const;

/** Opens a Postern with one machine; `guarded`: by an access control profile of 100 rules in Enforce. */
export async function openMachine(guarded: boolean): Promise<MachineOfPostern> {
  const manager = await openResourceManager();
  const group = `/subscriptions/${manager.subscriptionId}/resourceGroups/bench`;
  const machineResourceId = `${group}/providers/Microsoft.Compute/virtualMachines/web-1`;
  await manager.put(`${group}?api-version=2021-04-01`, { location: 'westeurope' });
  const securityProfile = guarded ? { proxyAgentSettings: await putProfile(manager, group, askingUser) } : {};
  await manager.put(`${machineResourceId}?api-version=2024-11-01`, {
    location: 'westeurope',
    identity: { type: 'SystemAssigned' },
    properties: { securityProfile },
  });
  return { manager, machineResourceId };
}
