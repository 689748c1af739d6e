import { type Refusal, refuse } from '../refusal.ts';

const namePattern = /^[a-z0-9][a-z0-9._()-]{0,89}$/i;
const longestDisplayName = 90;

/** A management group's name by the rules. Refuses `BadRequest`. @see the resource naming rules, Microsoft.Management */
export function checkGroupName(name: string): Refusal | undefined {
  if (namePattern.test(name) && !name.endsWith('.')) return undefined;
  return refuse(
    'BadRequest',
    `The management group id '${name}' is not valid. It must have 1 to 90 characters, each a letter, digit, '-', '_', '.', '(' or ')', begin with a letter or digit, and not end with '.'.`,
  );
}

/** A management group's display name by the rules. Refuses `BadRequest`. */
export function checkDisplayName(displayName: string): Refusal | undefined {
  if (displayName.trim() !== '' && displayName.length <= longestDisplayName) return undefined;
  return refuse(
    'BadRequest',
    `The display name of a management group must have 1 to ${longestDisplayName} characters.`,
  );
}
