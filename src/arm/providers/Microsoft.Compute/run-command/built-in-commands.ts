import { type Refusal, refuse } from '../../../../core/refusal.ts';
import type { Answer, Call, Operation } from '../../../provider-contract.ts';

/** A command that every region has, with the script that it runs where the caller brings none. */
export interface BuiltInCommand {
  readonly id: string;
  readonly osType: 'Linux' | 'Windows';
  readonly label: string;
  readonly description: string;
  readonly script: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly type: string; readonly defaultValue: string }[];
}

const optionalParameters = [
  { name: 'arg1', type: 'string', defaultValue: 'value1' },
  { name: 'arg2', type: 'string', defaultValue: 'value2' },
];

/**
 * The commands for Linux, and the one for Windows that clients name by mistake. Ids, labels and descriptions are Azure's.
 * @see https://learn.microsoft.com/azure/virtual-machines/linux/run-command "Available commands"
 */
const commands: readonly BuiltInCommand[] = [
  {
    id: 'RunPowerShellScript',
    osType: 'Windows',
    label: 'Executes a PowerShell script',
    description:
      'Custom multiline PowerShell script should be defined in script property. Optional parameters can be set in parameters property.',
    script: ['param(', '    [string]$arg1,', '    [string]$arg2', ')', 'Write-Host "Parameters: $arg1 $arg2"'],
    parameters: optionalParameters,
  },
  {
    id: 'RunShellScript',
    osType: 'Linux',
    label: 'Executes a Linux shell script',
    description:
      'Custom multiline shell script should be defined in script property. Optional parameters can be set in parameters property.',
    script: ['echo This is a sample script', 'echo Optional parameters: $0 $1 $2'],
    parameters: optionalParameters,
  },
  {
    id: 'ifconfig',
    osType: 'Linux',
    label: 'List network configuration',
    description: 'Get the configuration of all network interfaces.',
    // A machine has what its host has: the older program is not everywhere.
    script: ['ifconfig -a 2>/dev/null || ip address'],
  },
];

/** Finds a command without regard to case. */
export function findBuiltIn(id: string): BuiltInCommand | undefined {
  return commands.find((command) => command.id.toLowerCase() === id.toLowerCase());
}

/** The ids of those that a Linux machine runs. */
export const linuxCommandIds = commands.filter(({ osType }) => osType === 'Linux').map(({ id }) => id);

const inRegion = '/subscriptions/{subscriptionId}/providers/Microsoft.Compute/locations/{location}/runCommands';

/** The commands of a region, which any caller may read who may read them at the subscription. */
export const builtInCommandOperations: readonly Operation[] = [
  {
    method: 'GET',
    path: inRegion,
    permission: 'Microsoft.Compute/locations/runCommands/read',
    permissionScope: '/subscriptions/{subscriptionId}',
    handle: async () => ({ status: 200, body: { value: commands.map(summarize) } }),
  },
  {
    method: 'GET',
    path: `${inRegion}/{commandId}`,
    permission: 'Microsoft.Compute/locations/runCommands/read',
    permissionScope: '/subscriptions/{subscriptionId}',
    handle: async (call) => showBuiltIn(call),
  },
];

function showBuiltIn({ params }: Call): Answer | Refusal {
  const command = findBuiltIn(params['commandId'] ?? '');
  if (command === undefined) {
    return refuse('NotFound', `The entity was not found: there is no run command '${params['commandId']}'.`);
  }
  const { script, parameters } = command;
  return { status: 200, body: { ...summarize(command), script, ...(parameters === undefined ? {} : { parameters }) } };
}

function summarize({ id, osType, label, description }: BuiltInCommand) {
  const $schema = 'http://schema.management.azure.com/schemas/2016-11-17/runcommands.json';
  return { $schema, id, osType, label, description };
}
