import type { IdFacts } from './ability.ts';
import { findFreeIds, parseSubordinateIds } from './subordinate-ids.ts';

/** What to do where a rootless machine has the one id of the user who runs Postern, and somebody else is to enter it. */
export function formatOneIdOnly(user: string, facts: IdFacts): string {
  const { uid, userName, newuidmap, newgidmap, subuid, subgid } = facts;
  const steps = [
    ...(newuidmap === undefined || newgidmap === undefined
      ? ["install the package 'uidmap' (apt-get install uidmap)"]
      : []),
    ...(parseSubordinateIds(subuid, userName, uid) === undefined ||
    parseSubordinateIds(subgid, userName, uid) === undefined
      ? [addIds(facts)]
      : []),
    'restart Postern',
  ];
  return `The machine cannot be entered as '${user}': without subordinate ids its only user is root. To have more: ${steps.join(', then ')}.`;
}

/** One line for both tables, whose ids nobody else has: who shares them shares the files of the other's machines. */
function addIds({ userName, subuid, subgid }: IdFacts): string {
  const { start, count } = findFreeIds(subuid, subgid);
  return `add the line '${userName}:${start}:${count}' to /etc/subuid and to /etc/subgid`;
}
