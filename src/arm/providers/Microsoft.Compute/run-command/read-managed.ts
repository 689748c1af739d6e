import { pageOf } from '../../../../core/paging.ts';
import { documentKey } from '../../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { foldId, nameOf, parseResourceId } from '../../../../core/resource-id.ts';
import type { Answer, Call, ProviderContext } from '../../../provider-contract.ts';
import { machineKey } from '../machine-document.ts';
import { machineNotFound } from '../machine-refusals.ts';
import { machineIdOf, showRunCommand } from './managed-document.ts';
import { malformed } from './script-values.ts';

/** One run command; `$expand=instanceView` shows how its run goes. Refuses `ResourceNotFound`. */
export async function getRunCommand({ store }: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const expanded = parseExpand(call.query.get('$expand'));
  if (isRefusal(expanded)) return expanded;
  const found = await store.get(documentKey(call.resourceId));
  if (found === undefined) return runCommandNotFound(call.resourceId);
  return { status: 200, body: showRunCommand(found, expanded), etag: found.etag };
}

/** The run commands of a machine. Refuses `ResourceNotFound`. */
export async function listRunCommands({ store }: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const expanded = parseExpand(call.query.get('$expand'));
  if (isRefusal(expanded)) return expanded;
  const machineId = machineIdOf(call.resourceId);
  const machine = await store.get(machineKey(machineId));
  if (machine === undefined) return machineNotFound(machineId);
  const found = await store.list(documentKey(`${machine.key}/runCommands`));
  const shown = found.map((document) => showRunCommand(document, expanded));
  const page = pageOf(shown, (command) => foldId(String(command['id'])), call);
  return isRefusal(page) ? page : { status: 200, body: page };
}

/** ARM's 404 for a run command that is not there. */
export function runCommandNotFound(resourceId: string): Refusal {
  const group = parseResourceId(resourceId)?.resourceGroupName ?? '';
  const machine = nameOf(machineIdOf(resourceId));
  return refuse(
    'ResourceNotFound',
    `The Resource 'Microsoft.Compute/virtualMachines/${machine}/runCommands/${nameOf(resourceId)}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}

function parseExpand(text: string | undefined): boolean | Refusal {
  const word = (text ?? '').trim().toLowerCase();
  if (word === '' || word === 'instanceview') return word !== '';
  return malformed('$expand', `'${text}' is not 'instanceView'`);
}
