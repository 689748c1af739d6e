import type { DatabaseSync } from 'node:sqlite';
import type { Change, Document, DocumentKey, Precondition, Write } from '../../core/ports/store.ts';

/** The documents of an open database. Every call is synchronous; `write` belongs inside a transaction. */
export interface Documents {
  get(key: DocumentKey): Document | undefined;
  below(prefix: DocumentKey): readonly Document[];
  /** Does one write at a revision: what it changed, or the key whose precondition failed. */
  write(write: Write, revision: number): readonly Change[] | { readonly conflict: DocumentKey };
}

interface Row {
  readonly key: string;
  readonly body: string;
  readonly etag: string;
  readonly revision: number;
}

/** Prepares the documents' statements. `newEtag` answers a value that was never used before. */
export function prepareDocuments(database: DatabaseSync, newEtag: () => string): Documents {
  const columns = 'key, body, etag, revision';
  const select = database.prepare(`SELECT ${columns} FROM documents WHERE key = ?`);
  const selectRange = database.prepare(`SELECT ${columns} FROM documents WHERE key > ? AND key < ? ORDER BY key`);
  const upsert = database.prepare(
    `INSERT INTO documents (${columns}) VALUES (?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET body = excluded.body, etag = excluded.etag, revision = excluded.revision`,
  );
  const remove = database.prepare('DELETE FROM documents WHERE key = ?');

  const get = (key: DocumentKey): Document | undefined => {
    const row = select.get(key);
    return row === undefined ? undefined : toDocument(row as unknown as Row);
  };
  const below = (prefix: DocumentKey): readonly Document[] => {
    const rows = selectRange.all(...rangeBelow(prefix));
    return rows.map((row) => toDocument(row as unknown as Row));
  };
  const removeOne = (before: Document): Change => {
    remove.run(before.key);
    return { key: before.key, before, after: undefined };
  };
  const put = (key: DocumentKey, body: Document['body'], before: Document | undefined, revision: number): Change => {
    const text = JSON.stringify(body);
    const etag = newEtag();
    upsert.run(key, text, etag, revision);
    return { key, before, after: { key, body: JSON.parse(text), etag, revision } };
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
  };
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

function toDocument(row: Row): Document {
  return { key: row.key as DocumentKey, body: JSON.parse(row.body), etag: row.etag, revision: row.revision };
}
