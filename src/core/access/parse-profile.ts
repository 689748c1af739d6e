import type { Json, JsonObject } from '../json.ts';
import { isRefusal, type Refusal } from '../refusal.ts';
import { wrong } from './access-names.ts';
import type { AccessMode, AccessProfile } from './access-profile.ts';
import { parseRules } from './parse-rules.ts';
import { parseRecurringWindow, type RecurringWindow } from './recurring-window.ts';
import { malformed } from './rule-entries.ts';

const modes: readonly AccessMode[] = ['Audit', 'Enforce', 'Disabled'];
const accesses = ['Allow', 'Deny'] as const;
const mostWindows = 100;

/**
 * Reads the `properties` of a profile version. Words are read in any letter case and answered in Azure's. Refuses
 * `InvalidParameter`; every message names the value.
 */
export function parseProfile(properties: JsonObject): AccessProfile | Refusal {
  const mode = parseWord(properties['mode'], 'properties.mode', modes);
  if (typeof mode !== 'string') return mode;
  const defaultAccess = parseWord(properties['defaultAccess'], 'properties.defaultAccess', accesses);
  if (typeof defaultAccess !== 'string') return defaultAccess;
  const rules = parseRules(properties['rules']);
  if (isRefusal(rules)) return rules;
  const windows = parseWindows(properties['recurringWindows'], rules.grants.length > 0);
  return isRefusal(windows) ? windows : { mode, defaultAccess, ...rules, windows };
}

function parseWord<Word extends string>(
  value: Json | undefined,
  target: string,
  words: readonly Word[],
): Word | Refusal {
  if (value === undefined || value === null) return malformed(target, `one of ${words.join(', ')}, and is missing`);
  const found = words.find((word) => word.toLowerCase() === String(value).toLowerCase());
  return found ?? wrong(target, String(value), `use one of ${words.join(', ')}`);
}

function parseWindows(value: Json | undefined, hasGrants: boolean): readonly RecurringWindow[] | Refusal {
  const target = 'properties.recurringWindows';
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > mostWindows)
    return malformed(target, `an array of at most ${mostWindows}`);
  if (value.length > 0 && !hasGrants) {
    return wrong(target, String(value[0]), "windows bound what roles grant, and the profile's rules assign none");
  }
  const windows: RecurringWindow[] = [];
  for (const [at, text] of value.entries()) {
    if (typeof text !== 'string') return malformed(`${target}[${at}]`, 'a string');
    const window = parseRecurringWindow(text, `${target}[${at}]`);
    if (isRefusal(window)) return window;
    windows.push(window);
  }
  return windows;
}
