import { type ActionMatcher, compileActions } from './action-pattern.ts';
import type { Permission, RoleDefinition } from './role-definition.ts';

/** Actions are of the control plane (Resource Manager) or of the data plane; neither ever grants the other. */
export type Plane = 'control' | 'data';

/** What a role says to an action: `actionExcluded` when `actions` names it and `notActions` takes it back. */
export type RoleVerdict = 'allowed' | 'actionExcluded' | 'actionNotInRole';

interface CompiledPermission {
  readonly includes: Readonly<Record<Plane, ActionMatcher>>;
  readonly excludes: Readonly<Record<Plane, ActionMatcher>>;
}

/** A permission list, compiled once; `verdict` takes the action folded (lower case). */
export interface CompiledPermissions {
  verdict(foldedAction: string, plane: Plane): RoleVerdict;
}

/** A role definition with its patterns compiled. */
export interface CompiledRole extends CompiledPermissions {
  readonly definition: RoleDefinition;
}

/** Compiles permissions: each entry is its actions minus its own notActions; the entries are a union. */
export function compilePermissions(permissions: readonly Permission[]): CompiledPermissions {
  const compiled = permissions.map(compilePermission);
  return { verdict: (foldedAction, plane) => verdictOf(compiled, foldedAction, plane) };
}

/**
 * Compiles a role definition, when it is first asked: of hundreds of roles a few are in use. A permission that has a condition
 * allows nothing, since conditions are not evaluated yet and ignoring one would allow more than it says.
 */
export function compileRole(definition: RoleDefinition): CompiledRole {
  let compiled: CompiledPermissions | undefined;
  const work = (foldedAction: string, plane: Plane): RoleVerdict => {
    compiled ??= compilePermissions(definition.permissions.filter(({ condition }) => condition === undefined));
    return compiled.verdict(foldedAction, plane);
  };
  const control = rememberVerdicts((foldedAction) => work(foldedAction, 'control'));
  return {
    definition,
    verdict: (foldedAction, plane) => (plane === 'control' ? control(foldedAction) : work(foldedAction, plane)),
  };
}

/** How many actions a role remembers: those that a cloud's clients ask are few, and asked again and again. */
const remembered = 256;

function rememberVerdicts(work: (foldedAction: string) => RoleVerdict): (foldedAction: string) => RoleVerdict {
  const verdicts = new Map<string, RoleVerdict>();
  return (foldedAction) => {
    const known = verdicts.get(foldedAction);
    if (known !== undefined) return known;
    if (verdicts.size >= remembered) verdicts.clear();
    const verdict = work(foldedAction);
    verdicts.set(foldedAction, verdict);
    return verdict;
  };
}

function compilePermission(permission: Permission): CompiledPermission {
  return {
    includes: { control: compileActions(permission.actions), data: compileActions(permission.dataActions) },
    excludes: { control: compileActions(permission.notActions), data: compileActions(permission.notDataActions) },
  };
}

function verdictOf(permissions: readonly CompiledPermission[], foldedAction: string, plane: Plane): RoleVerdict {
  let verdict: RoleVerdict = 'actionNotInRole';
  for (const permission of permissions) {
    if (!permission.includes[plane](foldedAction)) continue;
    if (!permission.excludes[plane](foldedAction)) return 'allowed';
    verdict = 'actionExcluded';
  }
  return verdict;
}
