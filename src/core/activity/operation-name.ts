/**
 * The words in which Azure's portal and log show an operation, by folded action.
 * @see `az provider operation show --namespace Microsoft.Compute`: the operations' `displayName`
 */
const displayNames: Readonly<Record<string, string>> = {
  'microsoft.resources/subscriptions/resourcegroups/write': 'Update resource group',
  'microsoft.resources/subscriptions/resourcegroups/delete': 'Delete resource group',
  'microsoft.resources/tags/write': 'Create or update tags',
  'microsoft.resources/tags/delete': 'Delete tags',
  'microsoft.compute/virtualmachines/write': 'Create or Update Virtual Machine',
  'microsoft.compute/virtualmachines/delete': 'Delete Virtual Machine',
  'microsoft.compute/virtualmachines/start/action': 'Start Virtual Machine',
  'microsoft.compute/virtualmachines/poweroff/action': 'Power Off Virtual Machine',
  'microsoft.compute/virtualmachines/deallocate/action': 'Deallocate Virtual Machine',
  'microsoft.compute/virtualmachines/restart/action': 'Restart Virtual Machine',
  'microsoft.compute/virtualmachines/redeploy/action': 'Redeploy Virtual Machine',
  'microsoft.compute/virtualmachines/reapply/action': 'Reapply a virtual machine’s current model',
  'microsoft.compute/virtualmachines/generalize/action': 'Generalize Virtual Machine',
  'microsoft.managedidentity/userassignedidentities/write': 'Create/Update User Assigned Identity',
  'microsoft.managedidentity/userassignedidentities/delete': 'Delete User Assigned Identity',
  'microsoft.managedidentity/userassignedidentities/assign/action': 'Assign User Assigned Identity',
  'microsoft.authorization/roleassignments/write': 'Create role assignment',
  'microsoft.authorization/roleassignments/delete': 'Delete role assignment',
  'microsoft.authorization/roledefinitions/write': 'Create or update custom role definition',
  'microsoft.authorization/roledefinitions/delete': 'Delete custom role definition',
};

/** An action in words; the action itself where no words are known. */
export function formatOperationName(action: string): string {
  return displayNames[action.toLowerCase()] ?? action;
}
