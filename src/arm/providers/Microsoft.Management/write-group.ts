import type { JsonObject } from '../../../core/json.ts';
import { formatManagementGroupId, type ManagementGroup } from '../../../core/management/management-group.ts';
import type { ManagementTree } from '../../../core/management/management-tree.ts';
import { decidePlace, refuseMissingGroup } from '../../../core/management/place-group.ts';
import type { PlanOwner } from '../../../core/ports/plan-owner.ts';
import { documentKey } from '../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { formatArmTime } from '../../../core/time.ts';
import type { Answer, Call, ProviderContext } from '../../provider-contract.ts';
import { type GroupRequest, parseGroupPatch, parseGroupPut } from './group-request.ts';
import { putGroup } from './root-group.ts';
import { defaultGroupOf, readSettings, type Settings } from './settings.ts';
import { showGroup, typeOfGroup } from './show-group.ts';
import { changeTree } from './tree.ts';

/**
 * PUT of a management group. One that is new lies in the group that is asked for, or in the default one; its creator becomes
 * its Owner, and the answer is 202.
 */
export async function writeGroup(
  context: ProviderContext,
  planOwner: PlanOwner,
  call: Call,
): Promise<Answer | Refusal> {
  const name = call.params['groupId'] ?? '';
  const asked = parseGroupPut(name, call.body);
  if (isRefusal(asked)) return asked;
  const settings = await readSettings(context);
  return changeTree(context, (tree, version) => {
    const existing = tree.group(name);
    if (existing !== undefined) return planUpdate(tree, existing, asked, call, version);
    const group = planNew(tree, name, asked, call, settings, version);
    if (isRefusal(group)) return group;
    const owner = planOwner({ scope: group.id, principalId: call.caller.objectId, now: call.now });
    return { writes: [putGroup(group), ...owner], answer: accepted('createManagementGroup', group, call) };
  });
}

/** PATCH of a management group: another name to show, another parent. */
export async function patchGroup(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const asked = parseGroupPatch(call.body);
  if (isRefusal(asked)) return asked;
  const name = call.params['groupId'] ?? '';
  return changeTree(context, (tree, version) => {
    const existing = tree.group(name);
    return existing === undefined ? refuseMissingGroup(name) : planUpdate(tree, existing, asked, call, version);
  });
}

/** DELETE of a management group without children, with what is assigned at it. */
export async function deleteGroup(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const name = call.params['groupId'] ?? '';
  const settings = await readSettings(context);
  return changeTree(context, (tree) => {
    const group = tree.group(name);
    if (group === undefined) return { writes: [], answer: { status: 204 } };
    const refused = refuseDeletion(tree, group, settings);
    if (refused !== undefined) return refused;
    const key = documentKey(group.id);
    return { writes: [{ remove: key }, { removeTree: key }], answer: accepted('deleteManagementGroup', group, call) };
  });
}

function refuseDeletion(tree: ManagementTree, group: ManagementGroup, settings: Settings): Refusal | undefined {
  if (group.name === tree.root.name) return refuse('BadRequest', 'The root management group cannot be deleted.');
  if (tree.descendantsOf(group.name).length > 0) {
    return refuse(
      'BadRequest',
      `The management group '${group.name}' cannot be deleted: it has children. Move or delete its management groups and subscriptions first.`,
    );
  }
  if (defaultGroupOf(settings, tree) !== group) return undefined;
  return refuse(
    'BadRequest',
    `The management group '${group.name}' cannot be deleted: it is the default management group for new subscriptions.`,
  );
}

function planNew(
  tree: ManagementTree,
  name: string,
  { displayName = name, parent }: GroupRequest,
  call: Call,
  settings: Settings,
  version: number,
): ManagementGroup | Refusal {
  const into = parent ?? defaultGroupOf(settings, tree).name;
  const refused = decidePlace(tree, name, into);
  if (refused !== undefined) return refused;
  const { tenantId } = tree.root;
  const above = tree.group(into)?.name ?? into;
  return { id: formatManagementGroupId(name), name, displayName, tenantId, parent: above, ...written(call, version) };
}

function planUpdate(
  tree: ManagementTree,
  existing: ManagementGroup,
  { displayName = existing.displayName, parent }: GroupRequest,
  call: Call,
  version: number,
) {
  const moves = parent !== undefined && parent.toLowerCase() !== existing.parent?.toLowerCase();
  const refused = moves ? decidePlace(tree, existing.name, parent) : undefined;
  if (refused !== undefined) return refused;
  const above = moves ? { parent: tree.group(parent)?.name ?? parent } : {};
  const group = { ...existing, displayName, ...above, ...written(call, version) };
  const after = tree.with(group);
  return {
    writes: [putGroup(group)],
    answer: { status: 200, body: showGroup(after, group, call.apiVersion) } as const,
  };
}

function written({ caller, now }: Call, version: number) {
  return { version, updatedTime: formatArmTime(now), updatedBy: caller.objectId };
}

/** The body is what the service answers with a 202. */
function accepted(work: string, { id, name }: ManagementGroup, { apiVersion }: Call): Answer {
  const body: JsonObject = { id, type: typeOfGroup(apiVersion), name, status: 'NotStarted' };
  return { status: 202, body, work, input: { id } };
}
