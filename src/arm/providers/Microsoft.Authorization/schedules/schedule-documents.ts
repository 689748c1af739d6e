import type { JsonObject } from '../../../../core/json.ts';
import { type Document, type DocumentKey, documentKey, type Store, type Write } from '../../../../core/ports/store.ts';
import type { Schedule, ScheduleKind } from '../../../../core/schedules/schedule.ts';
import type { ScheduleRequest } from '../../../../core/schedules/schedule-request.ts';
import { typesOf } from './kinds.ts';

// A schedule and a request are kept as they are meant, each under its own id; what clients see is made from that (`present.ts`).

/** The folded types under which schedules lie in the store. */
export const scheduleTypes = (['Assignment', 'Eligibility'] as const).map((kind) =>
  `microsoft.authorization/${typesOf[kind].schedules}`.toLowerCase(),
);

/** A stored schedule with what must still be true when it is changed. */
export interface KeptSchedule {
  readonly document: Document;
  readonly schedule: Schedule;
}

/** A stored request, likewise. */
export interface KeptRequest {
  readonly document: Document;
  readonly request: ScheduleRequest;
}

/** The document of a schedule. */
export function scheduleDocument(schedule: Schedule): JsonObject {
  const type = `Microsoft.Authorization/${typesOf[schedule.kind].schedules}`;
  return { id: schedule.id, name: schedule.name, type, schedule: { ...schedule } as unknown as JsonObject };
}

/** The document of a request. */
export function requestDocument(request: ScheduleRequest): JsonObject {
  const type = `Microsoft.Authorization/${typesOf[request.kind].requests}`;
  return { id: request.id, name: request.name, type, request: { ...request } as unknown as JsonObject };
}

/** Reads a document that is a schedule. */
export function parseSchedule(document: Document): Schedule {
  return document.body['schedule'] as unknown as Schedule;
}

/** Reads a document that is a request. */
export function parseRequest(document: Document): ScheduleRequest {
  return document.body['request'] as unknown as ScheduleRequest;
}

/** A schedule by its id, if it is still there. */
export async function loadSchedule(store: Store, id: string): Promise<KeptSchedule | undefined> {
  const document = await store.get(documentKey(id));
  return document === undefined ? undefined : { document, schedule: parseSchedule(document) };
}

/** A request by its id, if it is still there. */
export async function loadRequest(store: Store, id: string): Promise<KeptRequest | undefined> {
  const document = await store.get(documentKey(id));
  return document === undefined ? undefined : { document, request: parseRequest(document) };
}

/** The write that changes a request which is still as it was read. */
export function changeRequest({ document, request }: KeptRequest, change: Partial<ScheduleRequest>): Write {
  return { put: document.key, body: requestDocument({ ...request, ...change }), when: { etag: document.etag } };
}

/** Where the approval of this GUID says which request it is of. */
export function approvalKey(approvalId: string): DocumentKey {
  return documentKey(`/authorization/approvals/${approvalId}`);
}

/** What schedules of a kind there are for one (principal, role, scope). */
export interface Ledger {
  readonly schedules: readonly KeptSchedule[];
  /** The write that adds one to them. */
  add(scheduleId: string): Write;
  /** The write that leaves them as they are, unless another writes first. */
  keep(): Write;
}

/**
 * Reads the ledger of (principal, role, scope). Who adds to it or changes what is in it writes it, so that of two overlapping schedules exactly one
 * comes about.
 */
export async function readLedger(
  store: Store,
  kind: ScheduleKind,
  { principalId, roleDefinitionId, scope }: Pick<Schedule, 'principalId' | 'roleDefinitionId' | 'scope'>,
): Promise<Ledger> {
  const below = scope === '/' ? '' : scope;
  const key = documentKey(`/authorization/schedules/${kind}/${principalId}/${roleDefinitionId}${below}`);
  const document = await store.get(key);
  const ids = (document?.body['ids'] ?? []) as readonly string[];
  const kept = await Promise.all(ids.map((id) => loadSchedule(store, id)));
  const schedules = kept.filter((one) => one !== undefined);
  const when = document === undefined ? ({ absent: true } as const) : { etag: document.etag };
  const write = (added: readonly string[]) => ({
    put: key,
    body: { ids: [...schedules.map(({ schedule }) => schedule.id), ...added] },
    when,
  });
  return { schedules, add: (id) => write([id]), keep: () => write([]) };
}
