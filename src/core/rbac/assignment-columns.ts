/**
 * The numbers of the rows, in typed arrays: 49 bytes a row, and nothing for a collector to walk. What a look-up reads of a row
 * lies together in `rows`: principal, hash of the scope, next row, role. One of a million rows is one fetch from memory.
 */
export interface AssignmentColumns {
  readonly capacity: number;
  readonly rows: Int32Array;
  readonly type: Uint8Array;
  /** The assignment's name, a GUID: four numbers a row. */
  readonly name: Uint32Array;
  /** A principal's rows are linked both ways, so that one of many goes without a search. */
  readonly nextOfPrincipal: Int32Array;
  readonly previousOfPrincipal: Int32Array;
  /** The first row of each hash slot; -1 when empty. Twice as many as rows, a power of two: most look-ups find nothing. */
  readonly slots: Int32Array;
}

const width = 4;
const [principalAt, hashAt, nextAt, roleAt] = [0, 1, 2, 3] as const;

/** Columns for `capacity` rows (a power of two), with those of `from` taken over; the slots start empty. */
export function growColumns(capacity: number, from?: AssignmentColumns): AssignmentColumns {
  return {
    capacity,
    rows: taken(new Int32Array(capacity * width), from?.rows),
    type: taken(new Uint8Array(capacity), from?.type),
    name: taken(new Uint32Array(capacity * 4), from?.name),
    nextOfPrincipal: taken(new Int32Array(capacity), from?.nextOfPrincipal),
    previousOfPrincipal: taken(new Int32Array(capacity), from?.previousOfPrincipal),
    slots: new Int32Array(capacity * 2).fill(-1),
  };
}

function taken<Column extends Uint32Array | Int32Array | Uint8Array>(column: Column, from: Column | undefined): Column {
  if (from !== undefined) column.set(from);
  return column;
}

/** The row's principal, as the table numbers it. */
export function principalOf({ rows }: AssignmentColumns, row: number): number {
  return rows[row * width + principalAt] ?? 0;
}

/** The row's role, as the table numbers it. */
export function roleOf({ rows }: AssignmentColumns, row: number): number {
  return rows[row * width + roleAt] ?? 0;
}

/** The hash of the row's scope. */
export function scopeHashOf({ rows }: AssignmentColumns, row: number): number {
  return rows[row * width + hashAt] ?? 0;
}

/** The next row of the same slot, or of the free list; -1 ends it. */
export function nextOfSlot({ rows }: AssignmentColumns, row: number): number {
  return rows[row * width + nextAt] ?? -1;
}

/** Sets the role of a row. */
export function setRole({ rows }: AssignmentColumns, row: number, role: number): void {
  rows[row * width + roleAt] = role;
}

/** Sets whose row it is, and the hash of its scope. */
export function setHolder({ rows }: AssignmentColumns, row: number, principal: number, scopeHash: number): void {
  rows[row * width + principalAt] = principal;
  rows[row * width + hashAt] = scopeHash;
}

/** Sets the row that comes after this one. */
export function setNext({ rows }: AssignmentColumns, row: number, next: number): void {
  rows[row * width + nextAt] = next;
}

/** The slot of a principal's rows at a scope. */
function slotOf(columns: AssignmentColumns, principal: number, scopeHash: number): number {
  const mixed = Math.imul(scopeHash ^ Math.imul(principal + 1, 0x9e3779b1), 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) & (columns.slots.length - 1);
}

/** The first row of the principal whose scope has the hash, or -1. Rows of one slot may be of others. */
export function firstRow(columns: AssignmentColumns, principal: number, hash: number): number {
  return ownRow(columns, columns.slots[slotOf(columns, principal, hash)] ?? -1, principal, hash);
}

/** The next one after `row`, or -1. */
export function nextRow(columns: AssignmentColumns, row: number, principal: number, hash: number): number {
  return ownRow(columns, nextOfSlot(columns, row), principal, hash);
}

function ownRow({ rows }: AssignmentColumns, from: number, principal: number, hash: number): number {
  let row = from;
  while (row >= 0 && (rows[row * width + hashAt] !== hash || rows[row * width + principalAt] !== principal)) {
    row = rows[row * width + nextAt] ?? -1;
  }
  return row;
}

/** Puts a row at the beginning of its slot. */
export function linkToSlot(columns: AssignmentColumns, row: number): void {
  const slot = slotOf(columns, principalOf(columns, row), scopeHashOf(columns, row));
  setNext(columns, row, columns.slots[slot] ?? -1);
  columns.slots[slot] = row;
}

/** Takes a row out of its slot. */
export function unlinkFromSlot(columns: AssignmentColumns, row: number): void {
  const slot = slotOf(columns, principalOf(columns, row), scopeHashOf(columns, row));
  const next = nextOfSlot(columns, row);
  let before = columns.slots[slot] ?? -1;
  if (before === row) {
    columns.slots[slot] = next;
    return;
  }
  while (before >= 0 && nextOfSlot(columns, before) !== row) before = nextOfSlot(columns, before);
  if (before >= 0) setNext(columns, before, next);
}
