import type { JsonObject } from '../../core/json.ts';
import type { Change } from '../../core/ports/store.ts';
import type { AccessRules } from '../../core/rbac/access-rules.ts';
import {
  accessDocumentKind,
  parseDenyAssignment,
  parseRoleAssignment,
  parseRoleDefinition,
} from '../../core/rbac/documents.ts';

/** Makes the rules follow one changed document; a document that has nothing to do with access changes nothing. */
export function applyChange(rules: AccessRules, { key, before, after }: Change): void {
  const kind = accessDocumentKind(key);
  if (kind === 'roleassignments') replace(parseRoleAssignment, rules.assignments, before?.body, after?.body);
  if (kind === 'denyassignments') replace(parseDenyAssignment, rules.denials, before?.body, after?.body);
  if (kind === 'roledefinitions') replaceRole(rules, before?.body, after?.body);
}

interface Table<Entry> {
  put(entry: Entry): void;
  remove(entry: Entry): void;
}

function replace<Entry>(
  parse: (body: JsonObject) => Entry | undefined,
  table: Table<Entry>,
  before: JsonObject | undefined,
  after: JsonObject | undefined,
): void {
  const old = before && parse(before);
  const now = after && parse(after);
  if (old !== undefined) table.remove(old);
  if (now !== undefined) table.put(now);
}

function replaceRole(rules: AccessRules, before: JsonObject | undefined, after: JsonObject | undefined): void {
  const old = before && parseRoleDefinition(before);
  const now = after && parseRoleDefinition(after);
  if (old !== undefined && now === undefined) rules.removeRole(old.id);
  if (now !== undefined) rules.putRole(now);
}
