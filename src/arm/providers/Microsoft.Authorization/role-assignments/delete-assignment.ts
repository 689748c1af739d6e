import { type Document, documentKey, type Store, type Write } from '../../../../core/ports/store.ts';
import { parseRoleAssignment } from '../../../../core/rbac/documents.ts';
import type { RoleAssignment } from '../../../../core/rbac/role-assignment.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { parseResourceId } from '../../../../core/resource-id.ts';
import type { Answer, Call } from '../../../provider-contract.ts';
import { ownerRoleId } from '../role-definitions/built-in-roles.ts';
import { planScheduleEnd } from '../schedules/edges.ts';
import { loadSchedule } from '../schedules/schedule-documents.ts';
import { collectionKey } from '../scopes.ts';
import { presentAssignment } from './assignment-body.ts';
import { claimsHeldBy } from './claims.ts';

const tries = 5;
const pageSize = 500;

/** DELETE of a role assignment: 200 with what it was, 204 when there is none. The last Owner of a subscription stays. */
export async function deleteAssignment(store: Store, call: Call): Promise<Answer | Refusal> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const document = await store.get(documentKey(call.resourceId));
    const assignment = document && parseRoleAssignment(document.body);
    if (document === undefined || assignment === undefined) return { status: 204 };
    const writes = await planDelete(store, document, assignment);
    if (isRefusal(writes)) return writes;
    if ('conflict' in (await store.transact(writes))) continue;
    return { status: 200, body: presentAssignment(document.body, call.apiVersion, call.params['scope'] ?? '/') };
  }
  const message = `The role assignment '${call.resourceId}' is being changed by other requests. Please try again.`;
  return refuse('Conflict', message);
}

/** The writes that take away what made an assignment unique: for deletes that the assignment itself is part of. */
export async function planClaimRemoval(store: Store, assignmentId: string): Promise<readonly Write[]> {
  const document = await store.get(documentKey(assignmentId));
  const assignment = document && parseRoleAssignment(document.body);
  return assignment === undefined ? [] : claimsHeldBy(store, assignment);
}

async function planDelete(
  store: Store,
  document: Document,
  assignment: RoleAssignment,
): Promise<readonly Write[] | Refusal> {
  const writes = [
    { remove: document.key, when: { etag: document.etag } },
    ...(await claimsHeldBy(store, assignment)),
    ...(await planScheduleRemoval(store, document)),
  ];
  if (!isSubscriptionOwner(assignment)) return writes;
  const other = await findOtherOwner(store, document, assignment.scope);
  if (other === undefined) {
    return refuse('CannotDeleteLastRbacAdminAssignment', 'Cannot delete the last RBAC admin assignment');
  }
  // Written again unchanged: a delete of that other Owner at the same time then fails its own precondition and sees this one gone.
  return [...writes, { put: other.key, body: other.body, when: { etag: other.etag } }];
}

/** An assignment that a schedule made takes its schedule along. */
async function planScheduleRemoval(store: Store, { body }: Document): Promise<readonly Write[]> {
  const id = body['scheduleId'];
  const kept = typeof id === 'string' ? await loadSchedule(store, id) : undefined;
  return kept === undefined ? [] : planScheduleEnd(store, kept);
}

async function findOtherOwner(store: Store, document: Document, scope: string): Promise<Document | undefined> {
  const isOther = ({ key, body }: Document) => {
    const assignment = parseRoleAssignment(body);
    return key !== document.key && assignment !== undefined && isSubscriptionOwner(assignment);
  };
  // A page at a time: of thousands of assignments one of the first is an Owner's, as a rule.
  for (let after: Document | undefined, page: readonly Document[] = []; ; after = page.at(-1)) {
    const from = after === undefined ? {} : { after: after.key };
    page = await store.list(collectionKey(scope, 'roleassignments'), { ...from, limit: pageSize });
    const other = page.find(isOther);
    if (other !== undefined || page.length < pageSize) return other;
  }
}

function isSubscriptionOwner({ roleDefinitionId, scope }: RoleAssignment): boolean {
  const parsed = parseResourceId(scope);
  const isSubscription = parsed?.subscriptionId !== undefined && parsed.resourceGroupName === undefined;
  return isSubscription && parsed.provider === undefined && roleDefinitionId.toLowerCase() === ownerRoleId;
}
