import type { DatabaseSync } from 'node:sqlite';
import {
  type Change,
  type Document,
  type DocumentKey,
  type Precondition,
  type Selection,
  typeOfKey,
  type Write,
} from '../../core/ports/store.ts';
import { RecentDocuments } from './recent-documents.ts';

/** A write to documents. */
type DocumentWrite = Exclude<Write, { readonly append: string }>;

/** The documents of an open database. Every call is synchronous; `write` belongs inside a transaction. */
export interface Documents {
  get(key: DocumentKey): Document | undefined;
  below(prefix: DocumentKey, selection?: Selection): readonly Document[];
  /** Does one write at a revision: what it changed, or the key whose precondition failed. */
  write(write: DocumentWrite, revision: number): readonly Change[] | { readonly conflict: DocumentKey };
  /** Must be called for the changes of a transaction that was undone. */
  undo(changes: readonly Change[]): void;
}

interface Row {
  readonly key: string;
  readonly body: string;
  readonly etag: string;
  readonly revision: number;
}

const columns = 'key, body, etag, revision';
/** Larger than any number of documents. */
const unlimited = -1;

/** The most that a client is shown at once, and the one that tells whether there are more. */
const longestPage = 1001;

/** Prepares the documents' statements. `newEtag` answers a value that was never used before. */
export function prepareDocuments(database: DatabaseSync, newEtag: () => string): Documents {
  const recent = new RecentDocuments();
  const select = database.prepare(`SELECT ${columns} FROM documents WHERE key = ?`);
  const range = prepareRange(database);
  const upsert = database.prepare(
    `INSERT INTO documents (${columns}, type) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET body = excluded.body, etag = excluded.etag, revision = excluded.revision`,
  );
  const remove = database.prepare('DELETE FROM documents WHERE key = ?');

  const parse = (row: Row): Document => {
    return { key: row.key as DocumentKey, body: JSON.parse(row.body), etag: row.etag, revision: row.revision };
  };
  const read = (key: DocumentKey): Document | undefined => {
    const row = select.get(key) as unknown as Row | undefined;
    if (row === undefined) return undefined;
    const document = parse(row);
    recent.keep(document, row.body.length);
    return document;
  };
  const get = (key: DocumentKey): Document | undefined => recent.get(key) ?? read(key);
  const below = (prefix: DocumentKey, selection: Selection = {}): readonly Document[] => {
    // A page is looked at again soon; more would drive everything else out.
    if (selection.limit !== undefined && selection.limit <= longestPage)
      return range.keys(prefix, selection).flatMap((key) => get(key) ?? []);
    return range.rows(prefix, selection).map(parse);
  };
  const removeOne = (before: Document): Change => {
    remove.run(before.key);
    recent.forget(before.key);
    return { key: before.key, before, after: undefined };
  };
  const put = (key: DocumentKey, body: Document['body'], before: Document | undefined, revision: number): Change => {
    const text = JSON.stringify(body);
    const after: Document = { key, body: JSON.parse(text), etag: newEtag(), revision };
    upsert.run(key, text, after.etag, revision, typeOfKey(key));
    recent.keep(after, text.length);
    return { key, before, after };
  };

  return {
    get,
    below,
    write(write, revision) {
      if ('removeTree' in write) {
        const root = get(write.removeTree);
        return [...(root === undefined ? [] : [root]), ...below(write.removeTree)].map(removeOne);
      }
      const key = 'put' in write ? write.put : write.remove;
      const before = get(key);
      if (!holds(write.when, before)) return { conflict: key };
      if ('put' in write) return [put(key, write.body, before, revision)];
      return before === undefined ? [] : [removeOne(before)];
    },
    undo: (changes) => {
      for (const { key } of changes) recent.forget(key);
    },
  };
}

/** What a selection has below a prefix, in order: of all documents, or through the index of those of one type. */
interface Range {
  keys(prefix: DocumentKey, selection: Selection): readonly DocumentKey[];
  rows(prefix: DocumentKey, selection: Selection): readonly Row[];
}

function prepareRange(database: DatabaseSync): Range {
  const prepare = (shown: string) => {
    const where = 'key > ? AND key < ? ORDER BY key LIMIT ?';
    const all = database.prepare(`SELECT ${shown} FROM documents WHERE ${where}`);
    const ofType = database.prepare(`SELECT ${shown} FROM documents WHERE type = ? AND type <> '' AND ${where}`);
    return (prefix: DocumentKey, { type, after, limit = unlimited }: Selection) => {
      const [first, end] = rangeBelow(prefix);
      const start = after !== undefined && after > first ? after : first;
      return (type === undefined
        ? all.all(start, end, limit)
        : ofType.all(type, start, end, limit)) as unknown as Row[];
    };
  };
  const keys = prepare('key');
  return { rows: prepare(columns), keys: (prefix, selection) => keys(prefix, selection).map(keyOf) };
}

function keyOf({ key }: Row): DocumentKey {
  return key as DocumentKey;
}

/** The open range of keys below a prefix: `0` is the character after `/`, so `/rg1` never covers `/rg10`. */
function rangeBelow(prefix: DocumentKey): [string, string] {
  return [`${prefix}/`, `${prefix}0`];
}

function holds(when: Precondition | undefined, current: Document | undefined): boolean {
  if (when === undefined) return true;
  if ('absent' in when) return current === undefined;
  return current !== undefined && ('exists' in when || current.etag === when.etag);
}
