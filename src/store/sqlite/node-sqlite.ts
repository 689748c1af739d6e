import type { DatabaseSync } from 'node:sqlite';

/**
 * Opens a database with Node's own SQLite. Node 22 announces that module with an ExperimentalWarning when it is loaded,
 * which tells an operator nothing; that one is held back, every other warning passes. @see nodejs/node lib/sqlite.js
 */
export function openDatabase(file: string): DatabaseSync {
  return new (loadSqlite().DatabaseSync)(file);
}

function loadSqlite(): typeof import('node:sqlite') {
  const emitWarning = process.emitWarning;
  process.emitWarning = ((warning: string | Error, ...rest: readonly unknown[]) => {
    if (rest[0] === 'ExperimentalWarning' && String(warning).startsWith('SQLite')) return;
    Reflect.apply(emitWarning, process, [warning, ...rest]);
  }) as typeof process.emitWarning;
  try {
    return process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}
