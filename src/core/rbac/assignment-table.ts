import {
  type AssignmentColumns,
  firstRow,
  growColumns,
  linkToSlot,
  nextOfSlot,
  nextRow,
  principalOf,
  roleOf,
  scopeHashOf,
  setHolder,
  setNext,
  setRole,
  unlinkFromSlot,
} from './assignment-columns.ts';
import { AssignmentCounts } from './assignment-counts.ts';
import { holdsGuid, isGuid, packGuid, unpackGuid } from './guid.ts';
import { Numbering } from './numbering.ts';
import type { AssignmentTerms, RoleAssignment } from './role-assignment.ts';
import { isWritten, type ScopePath, textAt, toScopePath } from './scope-path.ts';
import { TermsByRow } from './terms-by-row.ts';

const types = ['User', 'Group', 'ServicePrincipal', 'ForeignGroup', 'Device'] as const;

/** A principal that has assignments, as the table numbers it. */
export type Holder = number & { readonly __brand: 'Holder' };

/** A role that is assigned somewhere, as the table numbers it. */
export type RoleNumber = number & { readonly __brand: 'RoleNumber' };

/** What is shown of a row that is found. */
export type VisitRow = (role: RoleNumber, row: number) => boolean;

/**
 * Every role assignment, found by principal and scope: a look-up costs one probe, however many assignments there are.
 * A row is typed-array numbers and one string, its scope as written; the terms of the few that have any stand beside.
 */
export class AssignmentTable {
  #columns: AssignmentColumns = growColumns(16);
  #used = 0;
  #free = -1;
  #count = 0;
  #added = 0;
  readonly #scopes: string[] = [];
  readonly #terms = new TermsByRow();
  readonly #principals = new Numbering();
  readonly #firstOfPrincipal: number[] = [];
  readonly #roles = new Numbering();
  readonly #counts = new AssignmentCounts();
  readonly #packed = new Uint32Array(4);

  /** How many assignments there are. */
  get size(): number {
    return this.#count;
  }

  /** How many assignments were ever added: while it stays the same, none has come to a principal or a scope. */
  get added(): number {
    return this.#added;
  }

  /** How many assignments count against the limit that holds at the scope: see `countedAt`. */
  countAt(scope: string): number {
    return this.#counts.at(scope);
  }

  /** How many assignments give the role. */
  usesOf(roleDefinitionId: string): number {
    return this.#counts.ofRole(this.#roles.find(roleDefinitionId.toLowerCase()) ?? -1);
  }

  /** Adds an assignment, in place of one of the same name, principal and scope. Its name must be a GUID. */
  put(assignment: RoleAssignment): void {
    const path = toScopePath(assignment.scope);
    const principal = this.#principals.give(assignment.principalId.toLowerCase());
    const found = this.#find(assignment, principal, path);
    const row = found < 0 ? this.#newRow() : found;
    if (found >= 0) this.#tally(row, -1);
    setRole(this.#columns, row, this.#roles.give(assignment.roleDefinitionId.toLowerCase()));
    this.#columns.type[row] = types.indexOf(assignment.principalType);
    this.#scopes[row] = written(assignment.scope);
    this.#terms.set(row, assignment);
    this.#tally(row, 1);
    if (found >= 0) return;
    this.#added += 1;
    packGuid(nameOf(assignment), this.#columns.name, row * 4);
    setHolder(this.#columns, row, principal, path.hashes.at(-1) ?? 0);
    this.#linkToPrincipal(row, principal);
    linkToSlot(this.#columns, row);
  }

  /** Takes an assignment away; nothing happens when it is not there. */
  remove(assignment: RoleAssignment): void {
    const principal = this.#principals.find(assignment.principalId.toLowerCase());
    if (principal === undefined) return;
    const row = this.#find(assignment, principal, toScopePath(assignment.scope));
    if (row < 0) return;
    this.#unlink(row, principal);
    this.#tally(row, -1);
    this.#scopes[row] = '';
    this.#terms.delete(row);
    setNext(this.#columns, row, this.#free);
    this.#free = row;
    this.#count -= 1;
  }

  /**
   * Calls `visit` with the role and the row of each assignment of the principal at exactly the ancestor that a step is, until
   * it answers true; answers the row at which it did, or -1.
   */
  findAt(principal: Holder, path: ScopePath, step: number, visit: VisitRow): number {
    const hash = path.hashes[step] ?? 0;
    const text = textAt(path, step);
    const columns = this.#columns;
    for (let row = firstRow(columns, principal, hash); row >= 0; row = nextRow(columns, row, principal, hash)) {
      if (!isWritten(this.#scopes[row] ?? '', text, path.ends[step] ?? 0)) continue;
      if (visit(roleOf(columns, row) as RoleNumber, row)) return row;
    }
    return -1;
  }

  /** The terms of the assignment in a row; undefined for one that has none. */
  termsAt(row: number): AssignmentTerms | undefined {
    return this.#terms.at(row);
  }

  /** Whether any assignment has a condition. */
  get hasConditions(): boolean {
    return this.#terms.hasConditions;
  }

  /** The folded GUID of a role that `findAt` showed. */
  roleId(role: RoleNumber): string {
    return this.#roles.text(role);
  }

  /** How many principals have, or had, any assignment. */
  get holdersCounted(): number {
    return this.#principals.size;
  }

  /** Those of the principals (folded object ids) that have, or had, any assignment. */
  holders(principalIds: readonly string[]): readonly Holder[] {
    const holders: number[] = [];
    for (const principalId of principalIds) {
      const number = this.#principals.find(principalId);
      if (number !== undefined) holders.push(number);
    }
    return holders as Holder[];
  }

  /** The principal's assignments at all scopes, the newest first. */
  *of(principalId: string): Generator<RoleAssignment> {
    for (const holder of this.holders([principalId.toLowerCase()])) yield* this.held(holder);
  }

  /** The same for a principal that `holders` answered. */
  *held(principal: Holder): Generator<RoleAssignment> {
    let row = this.#firstOfPrincipal[principal] ?? -1;
    for (; row >= 0; row = this.#columns.nextOfPrincipal[row] ?? -1) yield this.at(row);
  }

  /** The hashes of the scopes at which a principal has assignments, one for each of them. */
  *scopeHashesOf(principal: Holder): Generator<number> {
    let row = this.#firstOfPrincipal[principal] ?? -1;
    for (; row >= 0; row = this.#columns.nextOfPrincipal[row] ?? -1) yield scopeHashOf(this.#columns, row);
  }

  /** The assignment in a row that `findAt` answered. */
  at(row: number): RoleAssignment {
    const scope = this.#scopes[row] ?? '';
    const name = unpackGuid(this.#columns.name, row * 4);
    return {
      id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
      scope: scope === '' ? '/' : scope,
      roleDefinitionId: this.roleId(roleOf(this.#columns, row) as RoleNumber),
      principalId: this.#principals.text(principalOf(this.#columns, row)),
      principalType: types[this.#columns.type[row] ?? 0] ?? 'ServicePrincipal',
      ...this.termsAt(row),
    };
  }

  #find(assignment: RoleAssignment, principal: number, path: ScopePath): number {
    packGuid(nameOf(assignment), this.#packed, 0);
    const hash = path.hashes.at(-1) ?? 0;
    const columns = this.#columns;
    for (let row = firstRow(columns, principal, hash); row >= 0; row = nextRow(columns, row, principal, hash)) {
      if (!holdsGuid(columns.name, row * 4, this.#packed)) continue;
      if (isWritten(this.#scopes[row] ?? '', path.folded, path.folded.length)) return row;
    }
    return -1;
  }

  #tally(row: number, by: 1 | -1): void {
    this.#counts.add(roleOf(this.#columns, row), this.#scopes[row] ?? '', by);
  }

  #newRow(): number {
    this.#count += 1;
    if (this.#free >= 0) {
      const row = this.#free;
      this.#free = nextOfSlot(this.#columns, row);
      return row;
    }
    if (this.#used === this.#columns.capacity) this.#grow();
    this.#used += 1;
    return this.#used - 1;
  }

  #grow(): void {
    this.#columns = growColumns(this.#columns.capacity * 2, this.#columns);
    for (let row = 0; row < this.#used; row += 1) linkToSlot(this.#columns, row);
  }

  #linkToPrincipal(row: number, principal: number): void {
    const first = this.#firstOfPrincipal[principal] ?? -1;
    this.#columns.nextOfPrincipal[row] = first;
    this.#columns.previousOfPrincipal[row] = -1;
    if (first >= 0) this.#columns.previousOfPrincipal[first] = row;
    this.#firstOfPrincipal[principal] = row;
  }

  #unlink(row: number, principal: number): void {
    const columns = this.#columns;
    unlinkFromSlot(columns, row);
    const next = columns.nextOfPrincipal[row] ?? -1;
    const previous = columns.previousOfPrincipal[row] ?? -1;
    if (next >= 0) columns.previousOfPrincipal[next] = previous;
    if (previous >= 0) columns.nextOfPrincipal[previous] = next;
    else this.#firstOfPrincipal[principal] = next;
  }
}

function nameOf(assignment: RoleAssignment): string {
  const name = assignment.id.slice(assignment.id.lastIndexOf('/') + 1);
  if (!isGuid(name)) throw new TypeError(`a role assignment's name is a GUID; got '${name}'`);
  return name;
}

function written(scope: string): string {
  return scope.replace(/\/{2,}/g, '/').replace(/\/$/, '');
}
