import { type Refusal, refuse } from '../../../core/refusal.ts';

/** The full type of a virtual machine. */
export const machineType = 'Microsoft.Compute/virtualMachines';

const name = /^[^_\W][\w.-]{0,63}(?<![-.])$/;

/**
 * Refuses `InvalidParameter` for a name against the rules: up to 64 letters, digits, `.`, `_` and `-`, not beginning with `_`,
 * not ending with `.` or `-`. The wording is Azure's.
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules "Microsoft.Compute"
 */
export function judgeMachineName(text: string, target = 'vmName'): Refusal | undefined {
  if (name.test(text)) return undefined;
  return refuse(
    'InvalidParameter',
    `The entity name '${text}' is invalid according to its validation rule: ^[^_\\W][\\w-._]{0,63}(?<![-.])$. Use up to 64 letters, digits, '.', '_' and '-', not beginning with '_' and not ending with '.' or '-'.`,
    { target },
  );
}

const hostname = /^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/i;

/** Whether a text can be a machine's host name. */
export function isHostname(text: string): boolean {
  return hostname.test(text);
}

/** The host name that a machine's name makes: what a host name cannot hold becomes `-`. */
export function hostnameOf(machineName: string): string {
  return machineName.replace(/[^a-z0-9-]/gi, '-').replace(/^-+|-+$/g, '') || 'machine';
}
