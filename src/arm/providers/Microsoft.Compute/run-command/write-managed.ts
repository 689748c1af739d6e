import { isJsonObject, type Json, type JsonObject } from '../../../../core/json.ts';
import { parseLocation } from '../../../../core/location.ts';
import { mergePatch } from '../../../../core/merge-patch.ts';
import { type Document, documentKey } from '../../../../core/ports/store.ts';
import { isRefusal, type Refusal } from '../../../../core/refusal.ts';
import { formatType, nameOf, parseResourceId } from '../../../../core/resource-id.ts';
import { parseTags } from '../../../../core/tags.ts';
import type { Answer, Call, ProviderContext } from '../../../provider-contract.ts';
import { machineKey, propertiesOf, stateOf } from '../machine-document.ts';
import { beingDeleted, changedMeanwhile, machineNotFound } from '../machine-refusals.ts';
import { type ManagedRun, parseManagedRun } from './managed-body.ts';
import { machineIdOf, openView, runIdOf, showRunCommand } from './managed-document.ts';
import { runCommandNotFound } from './read-managed.ts';
import { extensionsNotModifiable } from './run-refusals.ts';
import { scriptRuns } from './script-runs.ts';
import { malformed } from './script-values.ts';

/**
 * Makes or replaces a run command, and runs it: what it ran before is ended. Refuses `ResourceNotFound`, `InvalidParameter`,
 * `OperationNotAllowed`.
 * @see Microsoft.Compute 2024-11-01, VirtualMachineRunCommands_CreateOrUpdate
 */
export async function putRunCommand(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const before = await context.store.get(documentKey(call.resourceId));
  const body = isJsonObject(call.body) ? call.body : {};
  return runAnew(context, call, { before, body, properties: body['properties'] });
}

/** Changes a run command; where its properties change it runs again. Refuses `ResourceNotFound` and what a PUT refuses. */
export async function patchRunCommand(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const before = await context.store.get(documentKey(call.resourceId));
  if (before === undefined) return runCommandNotFound(call.resourceId);
  const body = isJsonObject(call.body) ? call.body : {};
  if (!isJsonObject(body['properties'])) return retag(context, before, body['tags']);
  const properties = mergePatch(propertiesOf(before.body), body['properties']);
  return runAnew(context, call, { before, body: { ...before.body, ...body }, properties });
}

interface Wish {
  readonly before: Document | undefined;
  readonly body: JsonObject;
  readonly properties: Json | undefined;
}

async function runAnew(context: ProviderContext, call: Call, wish: Wish): Promise<Answer | Refusal> {
  const { store, machineHost, random } = context;
  const machine = await standing(context, machineIdOf(call.resourceId));
  if (isRefusal(machine)) return machine;
  const frame = frameOf(call.resourceId, machine, wish);
  const run = parseManagedRun(wish.properties);
  if (isRefusal(frame)) return frame;
  if (isRefusal(run)) return run;
  const machineId = String(machine.body['id']);
  if (machineHost.running(machineId) === undefined) return extensionsNotModifiable;
  const runId = random.uuid();
  const body = { ...frame, properties: pending(run, runId, wish.before) };
  const when = wish.before === undefined ? ({ absent: true } as const) : { etag: wish.before.etag };
  const committed = await store.transact([{ put: documentKey(call.resourceId), body, when }]);
  if ('conflict' in committed) return changedMeanwhile(call.resourceId);
  scriptRuns(machineHost).accept({ runId, machineId, script: run.script, alone: false });
  const replaced = wish.before === undefined ? {} : { replaces: runIdOf(wish.before.body) };
  const input = { resourceId: call.resourceId, runId, ...replaced };
  const status = wish.before === undefined ? 201 : 200;
  return { status, body: showRunCommand({ body }, false), work: 'runManaged', input };
}

async function standing({ store }: ProviderContext, machineId: string): Promise<Document | Refusal> {
  const machine = await store.get(machineKey(machineId));
  if (machine === undefined) return machineNotFound(machineId);
  return stateOf(machine.body) === 'Deleting' ? beingDeleted(machineId) : machine;
}

function pending({ kept }: ManagedRun, runId: string, before: Document | undefined): JsonObject {
  const provisioningState = before === undefined ? 'Creating' : 'Updating';
  return { ...kept, provisioningState, runId, instanceView: openView('Pending') };
}

/** Everything of the resource but its properties. Without a location it is its machine's. */
function frameOf(resourceId: string, machine: Document, { before, body }: Wish): JsonObject | Refusal {
  const name = nameOf(resourceId);
  if (!/^[\w.-]{1,80}$/.test(name))
    return malformed('runCommandName', "use up to 80 letters, digits, '.', '_' and '-'");
  const provider = parseResourceId(resourceId)?.provider;
  const type = provider === undefined ? '' : formatType(provider);
  const asked = body['location'] ?? before?.body['location'] ?? machine.body['location'];
  const location = asked === undefined ? undefined : parseLocation(asked, type);
  const tags = parseTags(body['tags']);
  if (isRefusal(location)) return location;
  if (isRefusal(tags)) return tags;
  const placed = location === undefined ? {} : { location };
  return { id: resourceId, name, type, ...placed, ...(isJsonObject(body['tags']) ? { tags } : {}) };
}

async function retag({ store }: ProviderContext, before: Document, asked: Json | undefined): Promise<Answer | Refusal> {
  const tags = parseTags(asked);
  if (isRefusal(tags)) return tags;
  const body = { ...before.body, ...(asked === undefined ? {} : { tags }) };
  const committed = await store.transact([{ put: before.key, body, when: { etag: before.etag } }]);
  if ('conflict' in committed) return changedMeanwhile(String(before.body['id']));
  return { status: 200, body: showRunCommand({ body }, false) };
}
