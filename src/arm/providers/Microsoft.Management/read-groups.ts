import type { Json, JsonObject } from '../../../core/json.ts';
import { managementGroupOf } from '../../../core/management/management-group.ts';
import { refuseMissingGroup } from '../../../core/management/place-group.ts';
import { pageOf } from '../../../core/paging.ts';
import { isRefusal, type Refusal } from '../../../core/refusal.ts';
import { foldId } from '../../../core/resource-id.ts';
import type { Answer, Call, ProviderContext } from '../../provider-contract.ts';
import { parseExpansion } from './expansion.ts';
import { showDescendant, showGroup, showInfo } from './show-group.ts';
import { readTree } from './tree.ts';

/** GET of one management group. */
export async function getGroup(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const expansion = parseExpansion(call.query);
  if (isRefusal(expansion)) return expansion;
  const tree = await readTree(context);
  const name = call.params['groupId'] ?? '';
  const group = tree.group(name);
  if (group === undefined) return refuseMissingGroup(name);
  return { status: 200, body: showGroup(tree, group, call.apiVersion, expansion) };
}

/** The management groups that the caller may read. */
export async function listGroups(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const tree = await readTree(context);
  const mayRead = (scope: string) =>
    context.authorizer.decide({
      principalId: call.caller.objectId,
      action: 'Microsoft.Management/managementGroups/read',
      scope,
      facts: call.facts,
    }).allowed;
  const groups = tree.groups().filter(({ id }) => mayRead(id));
  return answerPage(
    groups.map((group) => showInfo(group, call.apiVersion)),
    call,
  );
}

/** What lies below a management group. */
export async function listDescendants(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const tree = await readTree(context);
  const name = call.params['groupId'] ?? '';
  if (tree.group(name) === undefined) return refuseMissingGroup(name);
  return answerPage(
    tree.descendantsOf(name).map((item) => showDescendant(tree, item)),
    call,
  );
}

function answerPage(items: readonly JsonObject[], call: Call): Answer | Refusal {
  const keyOf = (item: JsonObject) => foldId(String(item['id']));
  const page = pageOf(
    items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
    keyOf,
    call,
  );
  return isRefusal(page) ? page : { status: 200, body: page };
}

/** The work of a creation. The group was made before the answer; this tells what it has become. */
export async function showCreated(context: ProviderContext, id: string): Promise<Json | undefined> {
  const tree = await readTree(context);
  const made = tree.group(managementGroupOf(id.toLowerCase()) ?? '');
  return made === undefined ? undefined : showGroup(tree, made, '2021-04-01');
}
