import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { type Document, documentKey, type Store, type Write } from '../../../core/ports/store.ts';
import { accessDocumentKind, parseDenyAssignment } from '../../../core/rbac/documents.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { registrationKey } from '../../../core/registration.ts';
import { isGroupDeleting, refuseDeletingGroup, refuseMissingGroup } from '../../../core/resource-group.ts';
import { formatGroupId, formatType, nameOf, parseResourceId, sameId } from '../../../core/resource-id.ts';
import type { Answer, Call, Operation, Provider, ProviderContext, Work } from '../../provider-contract.ts';
import { judgeMoveLocks } from './move-locks.ts';
import { planMove } from './move-plan.ts';
import { type MoveRequest, parseMove, refuseMove } from './move-request.ts';

const group = '/subscriptions/{subscriptionId}/resourceGroups/{sourceResourceGroupName}';

/** Moves resources into another group, or tells whether they could be moved. */
export function moveOperations(context: ProviderContext, providers: () => readonly Provider[]): readonly Operation[] {
  const operation = (verb: string, handle: Operation['handle']): Operation => ({
    method: 'POST',
    path: `${group}/${verb}`,
    permission: `Microsoft.Resources/subscriptions/resourceGroups/${verb}/action`,
    linked: async ({ body }) => {
      const target = isJsonObject(body) ? body['targetResourceGroup'] : undefined;
      if (typeof target !== 'string') return [];
      return [{ action: 'Microsoft.Resources/subscriptions/resourceGroups/write', scope: target }];
    },
    handle,
  });
  return [
    operation('moveResources', (call) => accept(context, providers(), call, 'moveResources', 200)),
    operation('validateMoveResources', (call) => accept(context, providers(), call, 'validateMoveResources', 204)),
  ];
}

/** The works of both: the resources are looked at again when their turn comes. */
export function moveWorks(
  context: ProviderContext,
  providers: () => readonly Provider[],
): Readonly<Record<string, Work>> {
  const work =
    (act: (context: ProviderContext, plan: Moves) => Promise<Refusal | undefined>): Work =>
    async (input) => {
      const sourceGroupId = String(input['sourceGroupId']);
      const request = parseMove(sourceGroupId, input['request']);
      if (isRefusal(request)) return request;
      const left = await unmoved(context.store, sourceGroupId, request);
      if (left.resourceIds.length === 0) return undefined;
      const moves = await findMoves(context.store, providers(), sourceGroupId, left);
      return isRefusal(moves) ? moves : act(context, moves);
    };
  return { moveResources: work(commitMoves), validateMoveResources: work(async () => undefined) };
}

async function accept(
  { store }: ProviderContext,
  providers: readonly Provider[],
  { params, body }: Call,
  work: string,
  finalStatus: 200 | 204,
): Promise<Answer | Refusal> {
  const name = params['sourceResourceGroupName'] ?? '';
  const sourceGroupId = formatGroupId(params['subscriptionId'] ?? '', name);
  const source = await standingGroup(store, sourceGroupId);
  if (isRefusal(source)) return source;
  const request = parseMove(sourceGroupId, body);
  if (isRefusal(request)) return request;
  const moves = await findMoves(store, providers, sourceGroupId, request);
  if (isRefusal(moves)) return moves;
  const { resourceIds, targetGroupId } = request;
  const input: JsonObject = { sourceGroupId, request: { resources: resourceIds, targetResourceGroup: targetGroupId } };
  return { status: 202, work, input, finalStatus };
}

/** One resource on its way: what is stored of it, and where it goes. */
interface Move {
  readonly documents: readonly Document[];
  readonly from: string;
  readonly to: string;
}

/** Moves into one group. */
interface Moves {
  readonly target: Document;
  readonly moves: readonly Move[];
}

async function findMoves(
  store: Store,
  providers: readonly Provider[],
  sourceGroupId: string,
  { resourceIds, targetGroupId }: MoveRequest,
): Promise<Moves | Refusal> {
  const target = await standingGroup(store, targetGroupId);
  if (isRefusal(target)) return target;
  const locked = await judgeMoveLocks(store, resourceIds, targetGroupId);
  if (locked !== undefined) return locked;
  const moves: Move[] = [];
  for (const id of resourceIds) {
    const found = await store.get(documentKey(id));
    if (found === undefined) return refuseMove(`The resource '${id}' does not exist.`);
    const below = await store.list(found.key);
    const denied = below.find(({ key }) => accessDocumentKind(key) === 'denyassignments');
    if (denied !== undefined) return refuseDenied(id, denied);
    const to = `${String(target.body['id'])}${id.slice(sourceGroupId.length)}`;
    const wrong = judgeType(providers, id) ?? (await judgeTarget(store, sourceGroupId, targetGroupId, to));
    if (wrong !== undefined) return wrong;
    moves.push({ documents: [found, ...below], from: id, to });
  }
  return { target, moves };
}

/** Who denies something on a resource made that of its id, and would not find it again. */
function refuseDenied(id: string, { body }: Document): Refusal {
  const name = parseDenyAssignment(body)?.name ?? String(body['id']);
  return refuseMove(
    `The resource '${id}' has the deny assignment '${body['id']}' with the name '${name}' on or below it. Move it when that is gone.`,
  );
}

/** A type with code of its own here is bound to its id: to its principal, to its sandbox. Only documents move. */
function judgeType(providers: readonly Provider[], id: string): Refusal | undefined {
  const provider = parseResourceId(id)?.provider;
  const type = provider === undefined ? '' : formatType(provider);
  const own = providers.flatMap(({ namespace, resourceTypes }) =>
    resourceTypes.map((one) => `${namespace}/${one.type}`.toLowerCase()),
  );
  if (!own.includes(type.toLowerCase())) return undefined;
  return refuse(
    'ResourceMoveNotSupported',
    `Resource move is not supported for resource types '${type}'. The resource '${nameOf(id)}' stays where it is.`,
    { target: type },
  );
}

async function judgeTarget(
  store: Store,
  sourceGroupId: string,
  targetGroupId: string,
  to: string,
): Promise<Refusal | undefined> {
  if ((await store.get(documentKey(to))) !== undefined) {
    return refuseMove(`A resource with the id '${to}' exists already.`);
  }
  const [from, into] = [sourceGroupId, targetGroupId].map((id) => parseResourceId(id)?.subscriptionId ?? '');
  const namespace = parseResourceId(to)?.provider?.namespace ?? '';
  if (into === undefined || sameId(`/${from}`, `/${into}`)) return undefined;
  const registration = await store.get(registrationKey(into, namespace));
  if (registration?.body['registrationState'] !== 'NotRegistered') return undefined;
  return refuse(
    'MissingSubscriptionRegistration',
    `The subscription '${into}' is not registered to use namespace '${namespace}'.`,
  );
}

async function standingGroup(store: Store, groupId: string): Promise<Document | Refusal> {
  const found = await store.get(documentKey(groupId));
  if (found === undefined) return refuseMissingGroup(nameOf(groupId));
  return isGroupDeleting(found.body) ? refuseDeletingGroup(nameOf(groupId)) : found;
}

/** Those that a work before a restart has not moved yet: the transaction moves all or none. */
async function unmoved(store: Store, sourceGroupId: string, request: MoveRequest): Promise<MoveRequest> {
  const resourceIds: string[] = [];
  for (const id of request.resourceIds) {
    const gone = (await store.get(documentKey(id))) === undefined;
    const there = await store.get(documentKey(`${request.targetGroupId}${id.slice(sourceGroupId.length)}`));
    if (!gone || there === undefined) resourceIds.push(id);
  }
  return { ...request, resourceIds };
}

/**
 * Moves all in one transaction, principals of system-assigned identities too. The target is written as it was, so that the
 * move and its deletion exclude each other. A change in between refuses the move.
 */
async function commitMoves(
  { store, directory }: ProviderContext,
  { target, moves }: Moves,
): Promise<Refusal | undefined> {
  const writes = moves.flatMap(({ documents, from, to }): readonly Write[] => [
    ...planMove(documents, { from, to }),
    ...documents.flatMap(({ body }) => {
      const principalId = systemPrincipalOf(body['identity']);
      const id = `${to}${String(body['id']).slice(from.length)}`;
      return principalId === undefined ? [] : directory.planRelocation(principalId, id);
    }),
  ]);
  const stay = { put: target.key, body: target.body, when: { etag: target.etag } } as const;
  const done = await store.transact([stay, ...writes]);
  if (!('conflict' in done)) return undefined;
  return refuse('Conflict', `The move was overtaken by a change of '${done.conflict}'. Nothing was moved: try again.`);
}

function systemPrincipalOf(identity: Json | undefined): string | undefined {
  const principalId = isJsonObject(identity) ? identity['principalId'] : undefined;
  return typeof principalId === 'string' ? principalId : undefined;
}
