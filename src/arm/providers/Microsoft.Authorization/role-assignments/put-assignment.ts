import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { type Document, documentKey, type Store, type Write } from '../../../../core/ports/store.ts';
import { parseRoleAssignment } from '../../../../core/rbac/documents.ts';
import { withoutDashes } from '../../../../core/rbac/guid.ts';
import type { RoleAssignment } from '../../../../core/rbac/role-assignment.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { nameOf, sameId } from '../../../../core/resource-id.ts';
import { formatArmTime } from '../../../../core/time.ts';
import type { Answer, Call } from '../../../provider-contract.ts';
import type { AuthorizationContext } from '../authorization-context.ts';
import { type AssignmentFacts, formatAssignment, presentAssignment } from './assignment-body.ts';
import { checkRole, checkScope, settlePrincipalType } from './check.ts';
import { type Claim, nameClaimKey, readClaim, sameTriple, tripleClaimKey } from './claims.ts';
import { checkRoom } from './room.ts';
import { parseWanted } from './wanted.ts';
import { checkCondition } from './wanted-condition.ts';

// Each try that loses was beaten by another writer of the same assignment, so more than a few mean something is wrong.
const tries = 5;

/**
 * PUT of a role assignment: always 201, also for an update, since older clients accept nothing else
 * (azure-mgmt-authorization 2020-04-01-preview). Of two with the same triple exactly one wins.
 */
export async function putAssignment(context: AuthorizationContext, call: Call): Promise<Answer | Refusal> {
  const facts = await checkWanted(context, call);
  if (isRefusal(facts)) return facts;
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const plan = planPut(facts, await readStanding(context.store, facts), call);
    if (isRefusal(plan)) return plan;
    if (plan.writes.length === 0) return answer(plan, facts, call);
    const full = plan.isNew ? checkRoom(context, facts.scope) : undefined;
    if (full !== undefined) return full;
    const committed = await context.store.transact(plan.writes);
    if (!('conflict' in committed)) return answer(plan, facts, call);
  }
  return refuse(
    'Conflict',
    `The role assignment '${facts.name}' is being changed by other requests. Please try again.`,
  );
}

function answer({ body }: Plan, { scope }: AssignmentFacts, { apiVersion }: Call): Answer {
  return { status: 201, body: presentAssignment(body, apiVersion, scope) };
}

async function checkWanted(context: AuthorizationContext, call: Call): Promise<AssignmentFacts | Refusal> {
  const wanted = parseWanted(call);
  if (isRefusal(wanted)) return wanted;
  const refusal =
    (await checkCondition(wanted.condition)) ??
    (await checkScope(context, wanted.scope)) ??
    (await checkRole(context, wanted));
  if (refusal !== undefined) return refusal;
  const principalType = settlePrincipalType(context.directory, wanted);
  return isRefusal(principalType) ? principalType : { ...wanted, principalType };
}

/** What is stored already that a PUT must reckon with. */
interface Standing {
  readonly own: Document | undefined;
  readonly name: Claim;
  readonly triple: Claim;
}

async function readStanding(store: Store, facts: AssignmentFacts): Promise<Standing> {
  const [own, name, triple] = await Promise.all([
    store.get(documentKey(facts.id)),
    readClaim(store, nameClaimKey(facts.name), () => true),
    readClaim(store, tripleClaimKey(facts), (holder) => sameTriple(holder, facts)),
  ]);
  return { own, name, triple };
}

interface Plan {
  readonly writes: readonly Write[];
  readonly body: JsonObject;
  readonly isNew: boolean;
}

function planPut(facts: AssignmentFacts, { own, name, triple }: Standing, call: Call): Plan | Refusal {
  if (own !== undefined) return planUpdate(facts, own, call);
  if (name.holder !== undefined) return updateNotPermitted();
  if (triple.holder !== undefined && !sameId(triple.holder.id, facts.id)) return alreadyExists(triple.holder.id);
  const body = formatAssignment(facts, call.caller.objectId, call.now);
  const writes = [
    { put: documentKey(facts.id), body, when: { absent: true } } as const,
    ...[name, triple].map(({ key, when }) => ({ put: key, body: { id: facts.id }, when })),
  ];
  return { writes, body, isNew: true };
}

/** Under its own name only description and condition may change; the same content again changes nothing. */
function planUpdate(facts: AssignmentFacts, own: Document, call: Call): Plan | Refusal {
  const stored = parseRoleAssignment(own.body);
  const properties = own.body['properties'];
  if (stored === undefined || !sameTriple(stored, facts) || !isJsonObject(properties)) return updateNotPermitted();
  const condition = conditionAfter(stored, facts, call);
  if ((properties['description'] ?? null) === facts.description && (stored.condition ?? null) === condition) {
    return { writes: [], body: own.body, isNew: false };
  }
  const updated = {
    updatedOn: formatArmTime(call.now),
    updatedBy: call.caller.objectId,
    description: facts.description,
    condition,
    conditionVersion: condition === null ? null : '2.0',
  };
  const body = { ...own.body, properties: { ...properties, ...updated } };
  return { writes: [{ put: own.key, body, when: { etag: own.etag } }], body, isNew: false };
}

/** An api-version that knows no conditions takes none away. */
function conditionAfter(stored: RoleAssignment, facts: AssignmentFacts, { apiVersion }: Call): string | null {
  const kept = apiVersion < '2020-04-01' ? stored.condition : undefined;
  return facts.condition ?? kept ?? null;
}

function updateNotPermitted(): Refusal {
  const message = 'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.';
  return refuse('RoleAssignmentUpdateNotPermitted', message);
}

/** `az role assignment create` takes this for success, by its words. @see azure-cli, _error_caused_by_role_assignment_exists */
function alreadyExists(id: string): Refusal {
  const existing = withoutDashes(nameOf(id));
  const message = `The role assignment already exists. The ID of the existing role assignment is ${existing}.`;
  return refuse('RoleAssignmentExists', message);
}
