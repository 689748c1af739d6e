import { foldId, parseResourceId } from '../resource-id.ts';
import type { ActionOnUnmanage, UnmanageAction } from './action-on-unmanage.ts';

/** What an update or a deletion of a stack lets go of. */
export interface Leaving {
  /** In the order in which they are to go: what lies deepest first, then groups, and machines before what they hold. */
  readonly deleted: readonly string[];
  readonly detached: readonly string[];
}

/** Parts what a stack had, and has no more, into what is deleted and what is left to itself. */
export function planLeaving(before: readonly string[], after: readonly string[], action: ActionOnUnmanage): Leaving {
  const kept = new Set(after.map(foldId));
  const gone = before.filter((id) => !kept.has(foldId(id)));
  const deleted = gone.filter((id) => actionFor(id, action) === 'delete');
  return {
    deleted: deleted.toSorted((a, b) => rank(a) - rank(b) || depth(b) - depth(a)),
    detached: gone.filter((id) => actionFor(id, action) === 'detach'),
  };
}

const managementGroup = /^\/providers\/microsoft\.management\/managementgroups\/[^/]+$/;
const machine = /\/providers\/microsoft\.compute\/virtualmachines\/[^/]+$/;

function actionFor(id: string, action: ActionOnUnmanage): UnmanageAction {
  if (isGroup(id)) return action.resourceGroups;
  return managementGroup.test(foldId(id)) ? action.managementGroups : action.resources;
}

function isGroup(id: string): boolean {
  const parsed = parseResourceId(id);
  return parsed?.resourceGroupName !== undefined && parsed.provider === undefined;
}

function rank(id: string): number {
  if (isGroup(id)) return 2;
  if (managementGroup.test(foldId(id))) return 3;
  return machine.test(foldId(id)) ? 0 : 1;
}

function depth(id: string): number {
  return foldId(id).split('/').length;
}
