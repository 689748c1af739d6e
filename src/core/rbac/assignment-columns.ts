/** The numbers of one row, each in its own typed array: 49 bytes a row, and nothing for a collector to walk. */
export interface AssignmentColumns {
  readonly capacity: number;
  readonly principal: Uint32Array;
  readonly scopeHash: Int32Array;
  readonly role: Uint32Array;
  readonly type: Uint8Array;
  /** The assignment's name, a GUID: four numbers a row. */
  readonly name: Uint32Array;
  /** The next row of the same slot, or of the free list; -1 ends it. */
  readonly nextOfSlot: Int32Array;
  /** A principal's rows are linked both ways, so that one of many goes without a search. */
  readonly nextOfPrincipal: Int32Array;
  readonly previousOfPrincipal: Int32Array;
  /** The first row of each hash slot; -1 when empty. Twice as many as rows, a power of two: most look-ups find nothing. */
  readonly slots: Int32Array;
}

/** Columns for `capacity` rows (a power of two), with those of `from` taken over; the slots start empty. */
export function growColumns(capacity: number, from?: AssignmentColumns): AssignmentColumns {
  return {
    capacity,
    principal: taken(new Uint32Array(capacity), from?.principal),
    scopeHash: taken(new Int32Array(capacity), from?.scopeHash),
    role: taken(new Uint32Array(capacity), from?.role),
    type: taken(new Uint8Array(capacity), from?.type),
    name: taken(new Uint32Array(capacity * 4), from?.name),
    nextOfSlot: taken(new Int32Array(capacity), from?.nextOfSlot),
    nextOfPrincipal: taken(new Int32Array(capacity), from?.nextOfPrincipal),
    previousOfPrincipal: taken(new Int32Array(capacity), from?.previousOfPrincipal),
    slots: new Int32Array(capacity * 2).fill(-1),
  };
}

function taken<Column extends Uint32Array | Int32Array | Uint8Array>(column: Column, from: Column | undefined): Column {
  if (from !== undefined) column.set(from);
  return column;
}

/** The slot of a principal's rows at a scope. */
export function slotOf(columns: AssignmentColumns, principal: number, scopeHash: number): number {
  const mixed = Math.imul(scopeHash ^ Math.imul(principal + 1, 0x9e3779b1), 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) & (columns.slots.length - 1);
}

/** The first row of the principal whose scope has the hash, or -1. Rows of one slot may be of others. */
export function firstRow(columns: AssignmentColumns, principal: number, hash: number): number {
  return ownRow(columns, columns.slots[slotOf(columns, principal, hash)] ?? -1, principal, hash);
}

/** The next one after `row`, or -1. */
export function nextRow(columns: AssignmentColumns, row: number, principal: number, hash: number): number {
  return ownRow(columns, columns.nextOfSlot[row] ?? -1, principal, hash);
}

function ownRow(columns: AssignmentColumns, from: number, principal: number, hash: number): number {
  let row = from;
  while (row >= 0 && (columns.principal[row] !== principal || columns.scopeHash[row] !== hash)) {
    row = columns.nextOfSlot[row] ?? -1;
  }
  return row;
}
