import type { JsonObject } from '../json.ts';
import type { EpochMillis } from '../time.ts';

/**
 * A document's address: a `/`-separated path in folded (lower) case, without a trailing slash. A resource's key is its
 * folded ARM id, so that a scope's documents are those below its key. What is no resource lives under a root of its own:
 * `/directory/…`, `/sts/…`, `/operations/…`.
 */
export type DocumentKey = string & { readonly __brand: 'DocumentKey' };

/** Folds a path to a key. */
export function documentKey(path: string): DocumentKey {
  return path.toLowerCase().replace(/\/+$/, '') as DocumentKey;
}

/** A stored document with the version that it has. */
export interface Document {
  readonly key: DocumentKey;
  readonly body: JsonObject;
  /** Changes with each write; opaque. */
  readonly etag: string;
  /** The store-wide revision that wrote it. */
  readonly revision: number;
}

/** Which documents of a list to answer: of one type, after a key, at most so many. All of them by default. */
export interface Selection {
  /** Folded, as `typeOfKey` answers it: `microsoft.compute/virtualmachines`. */
  readonly type?: string;
  /** Only those whose key comes after this one. */
  readonly after?: DocumentKey;
  readonly limit?: number;
}

/**
 * The resource type of what has this key: `microsoft.compute/virtualmachines`, for a subscription or group the type that
 * Microsoft.Resources gives it, and nothing for what is no resource.
 */
export function typeOfKey(key: DocumentKey): string {
  const provider = key.lastIndexOf('/providers/');
  if (provider < 0) return typeOfContainer(key);
  const [namespace, ...steps] = key.slice(provider + '/providers/'.length).split('/');
  return [namespace, ...steps.filter((_, at) => at % 2 === 0)].join('/');
}

function typeOfContainer(key: DocumentKey): string {
  if (/^\/subscriptions\/[^/]+$/.test(key)) return 'microsoft.resources/subscriptions';
  const isGroup = /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+$/.test(key);
  return isGroup ? 'microsoft.resources/subscriptions/resourcegroups' : '';
}

/** What must hold for a write to happen. Without one the write is unconditional. */
export type Precondition = { readonly exists: true } | { readonly absent: true } | { readonly etag: string };

/**
 * One write of a transaction. `removeTree` removes the document and every document below it; `append` adds events to the stream of
 * that name, so that what is told happened if it was told.
 */
export type Write =
  | { readonly put: DocumentKey; readonly body: JsonObject; readonly when?: Precondition }
  | { readonly remove: DocumentKey; readonly when?: Precondition }
  | { readonly removeTree: DocumentKey }
  | { readonly append: string; readonly events: readonly StoredEvent[] };

/**
 * What a transaction's outcome survives: `machine`, a failure of the power; `process`, the end of this process, however it ends,
 * at a tenth of the cost. After a failure of the power the latest that were to survive the process may be missing, in the order in
 * which they came, and never a part of one.
 */
export type Survives = 'machine' | 'process';

/** What a transaction came to: all of it happened, or nothing did and `conflict` names the key whose precondition failed. */
export type Committed =
  | { readonly revision: number; readonly etags: ReadonlyMap<DocumentKey, string> }
  | { readonly conflict: DocumentKey };

/** One changed document: `after` is undefined when it was removed. */
export interface Change {
  readonly key: DocumentKey;
  readonly before: Document | undefined;
  readonly after: Document | undefined;
}

/** An event of an append-only stream. `id` is unique in its stream. */
export interface StoredEvent {
  readonly id: string;
  readonly time: EpochMillis;
  readonly body: JsonObject;
}

/** Which events to read. Both ends inclusive; newest first; `before` continues a page (exclusive). */
export interface EventQuery {
  readonly from: EpochMillis;
  readonly to: EpochMillis;
  readonly limit: number;
  readonly before?: { readonly time: EpochMillis; readonly sequence: number };
}

/** Which events to read in the order of their ids (bytewise): those after, or before, an id; at most so many. */
export type EventRange =
  | { readonly after: string; readonly limit: number }
  | { readonly before: string | undefined; readonly limit: number };

/** Which events to read as they came: those of all streams whose names begin so, with a greater sequence, at most so many. */
export interface ArrivalQuery {
  readonly streams: string;
  readonly after: number;
  readonly limit: number;
}

/** Events as they came. */
export interface Arrivals {
  readonly events: readonly (StoredEvent & { readonly sequence: number })[];
  /** The greatest sequence that was ever given, to whichever stream. */
  readonly last: number;
}

/**
 * Documents, their change feed, and event streams. Every implementation passes `test/store/conformance.ts`.
 * Broken I/O throws; a failed precondition is a returned `conflict`.
 */
export interface Store {
  get(key: DocumentKey): Promise<Document | undefined>;
  /**
   * The documents strictly below `prefix`, by whole segments (`/rg1` never covers `/rg10`), in key order. Naming a type costs
   * no more than the documents of that type.
   */
  list(prefix: DocumentKey, selection?: Selection): Promise<readonly Document[]>;
  /** All or nothing, durable when it resolves (`survives`, default `machine`). Watchers of this process have been called by then. */
  transact(writes: readonly Write[], survives?: Survives): Promise<Committed>;
  /** Calls `listener` with each committed transaction's changes, in order. Returns how to stop. */
  watch(listener: (changes: readonly Change[], revision: number) => void): () => void;
  /** Appends to a stream; durable when it resolves (`survives`, default `machine`). */
  append(stream: string, events: readonly StoredEvent[], survives?: Survives): Promise<void>;
  /** Reads a stream, newest first; `sequence` orders events of one millisecond. */
  query(stream: string, query: EventQuery): Promise<readonly (StoredEvent & { readonly sequence: number })[]>;
  /** Reads a stream in the order of its ids: upwards from `after` (`''` is the beginning), or downwards from `before` or the end. */
  scan(stream: string, range: EventRange): Promise<readonly StoredEvent[]>;
  /** Reads several streams in the order in which their events were appended. */
  arrivals(query: ArrivalQuery): Promise<Arrivals>;
  /** Forgets a stream's events up to an id, itself too; answers how many went. */
  forgetThrough(stream: string, id: string): Promise<number>;
  /** Forgets a stream's events older than `before`; answers how many went. */
  forget(stream: string, before: EpochMillis): Promise<number>;
  close(): Promise<void>;
}
