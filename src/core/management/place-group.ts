import { type Refusal, refuse } from '../refusal.ts';
import { formatManagementGroupId } from './management-group.ts';
import { deepestLevel, type ManagementTree } from './management-tree.ts';

/**
 * Whether a group, new or standing, may lie in another: not below itself, and with all that is below it no deeper than the
 * tree goes. Refuses `NotFound` for a parent that there is not, and `BadRequest`.
 */
export function decidePlace(tree: ManagementTree, name: string, parent: string): Refusal | undefined {
  const above = tree.group(parent);
  if (above === undefined) return refuseMissingGroup(parent);
  const line = [above, ...tree.ancestorsOf(above.name)];
  if (isSame(name, tree.root.name)) return refuse('BadRequest', 'The root management group cannot be moved.');
  if (line.some((group) => isSame(group.name, name))) {
    return refuse(
      'BadRequest',
      `The management group '${name}' cannot lie in '${parent}': that is itself or lies below it, so the hierarchy would be a cycle.`,
    );
  }
  const height = tree.group(name) === undefined ? 1 : tree.heightOf(name);
  const deepest = line.length - 1 + height;
  if (deepest <= deepestLevel) return undefined;
  return refuse(
    'BadRequest',
    `The management group '${name}' cannot lie in '${parent}': the hierarchy would be ${deepest} levels deep below the root; ${deepestLevel} are possible.`,
  );
}

/** The 404 for a management group. */
export function refuseMissingGroup(name: string): Refusal {
  return refuse('NotFound', `'${formatManagementGroupId(name)}' not found.`);
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
