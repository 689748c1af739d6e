import { isJsonObject, type Json } from '../json.ts';
import { isRefusal, type Refusal } from '../refusal.ts';
import { foldPrivilegePath, judgeAccountName, judgeExePath, judgeProcessName, wrong } from './access-names.ts';
import type { AccessGrant, AccessIdentity, AccessPrivilege } from './access-profile.ts';
import { foldParameter } from './canonical-request.ts';
import { byName, malformed, parseEntries, parseNames, parseText, type RuleEntry } from './rule-entries.ts';

/** What `rules` says: its privileges, and its roles as they are assigned. */
export interface ParsedRules {
  readonly privileges: readonly AccessPrivilege[];
  readonly grants: readonly AccessGrant[];
}

/**
 * Reads the `rules` of a profile version. Refuses `InvalidParameter`: names that lead nowhere or occur twice, identities,
 * privileges and roles that name nothing, and values that no request could have.
 */
export function parseRules(value: Json | undefined): ParsedRules | Refusal {
  if (value === undefined || value === null) return { privileges: [], grants: [] };
  if (!isJsonObject(value)) return malformed('properties.rules', 'an object');
  const lists = ['privileges', 'roles', 'identities', 'roleAssignments'];
  const unknown = Object.keys(value).find((name) => !lists.includes(name));
  if (unknown !== undefined) return wrong('properties.rules', unknown, `its lists are ${lists.join(', ')}`);
  const privileges = parseList(value, 'privileges', ['name', 'path', 'queryParameters'], parsePrivilege);
  if (isRefusal(privileges)) return privileges;
  const identityFields = ['name', ...Object.keys(identityJudges)];
  const identities = parseList(value, 'identities', identityFields, parseIdentity);
  if (isRefusal(identities)) return identities;
  const roles = parseList(value, 'roles', ['name', 'privileges'], (_, entry) =>
    parseNames(entry, 'privileges', privileges, 'privilege'),
  );
  if (isRefusal(roles)) return roles;
  const assignments = parseEntries(value, 'roleAssignments', ['role', 'identities']);
  if (isRefusal(assignments)) return assignments;
  const grants: AccessGrant[] = [];
  for (const entry of assignments) {
    const grant = parseGrant(entry, roles, identities);
    if (isRefusal(grant)) return grant;
    grants.push(grant);
  }
  return { privileges: [...privileges.values()], grants };
}

function parseList<Parsed>(
  rules: Parameters<typeof parseEntries>[0],
  list: string,
  known: readonly string[],
  parse: (name: string, entry: RuleEntry) => Parsed | Refusal,
): ReadonlyMap<string, Parsed> | Refusal {
  const entries = parseEntries(rules, list, known);
  return isRefusal(entries) ? entries : byName(entries, parse);
}

function parsePrivilege(name: string, entry: RuleEntry): AccessPrivilege | Refusal {
  const text = parseText(entry, 'path');
  if (isRefusal(text)) return text;
  const path = foldPrivilegePath(text, `${entry.target}.path`);
  if (typeof path !== 'string') return path;
  const parameters = parseParameters(entry.fields['queryParameters'], `${entry.target}.queryParameters`);
  return isRefusal(parameters) ? parameters : { name, path, parameters };
}

function parseParameters(value: Json | undefined, target: string): AccessPrivilege['parameters'] | Refusal {
  if (value === undefined || value === null) return [];
  if (!isJsonObject(value)) return malformed(target, 'an object of names and values');
  const parameters = new Map<string, string>();
  for (const [given, wanted] of Object.entries(value)) {
    if (given === '') return wrong(target, given, 'a parameter needs a name');
    if (typeof wanted !== 'string') return malformed(`${target}.${given}`, 'a string');
    const folded = foldParameter(given, wanted);
    if (folded.value === '') return wrong(`${target}.${given}`, wanted, 'it can match no request. Name the value');
    if (parameters.has(folded.name)) return wrong(target, given, 'it is named twice, in different letter case');
    parameters.set(folded.name, folded.value);
  }
  return [...parameters].map(([name, folded]) => ({ name, value: folded }));
}

const identityJudges = {
  userName: judgeAccountName,
  groupName: judgeAccountName,
  exePath: judgeExePath,
  processName: judgeProcessName,
} as const;

function parseIdentity(name: string, entry: RuleEntry): AccessIdentity | Refusal {
  const identity: Record<string, string> = {};
  for (const [field, judge] of Object.entries(identityJudges)) {
    // The CLI sends what is not given as null.
    if ((entry.fields[field] ?? undefined) === undefined) continue;
    const value = parseText(entry, field);
    if (isRefusal(value)) return value;
    const faulty = judge(value, `${entry.target}.${field}`);
    if (faulty !== undefined) return faulty;
    identity[field] = value;
  }
  if (Object.keys(identity).length > 0) return { name, ...identity };
  const fields = Object.keys(identityJudges).join(', ');
  return wrong(entry.target, name, `the identity names nobody. Give at least one of ${fields}`);
}

function parseGrant(
  entry: RuleEntry,
  roles: ReadonlyMap<string, readonly AccessPrivilege[]>,
  identities: ReadonlyMap<string, AccessIdentity>,
): AccessGrant | Refusal {
  const role = parseText(entry, 'role');
  if (isRefusal(role)) return role;
  const privileges = roles.get(role);
  if (privileges === undefined) return wrong(`${entry.target}.role`, role, 'the profile has no role of this name');
  const named = parseNames(entry, 'identities', identities, 'identity');
  return isRefusal(named) ? named : { role, privileges, identities: named };
}
