import { type ActionMatcher, compileActions } from './action-pattern.ts';
import type { Permission, RoleDefinition } from './role-definition.ts';

/** Actions are of the control plane (Resource Manager) or of the data plane; neither ever grants the other. */
export type Plane = 'control' | 'data';

/**
 * What a role says to an action: `conditional` when only permissions with conditions of their own have it, `actionExcluded` when
 * `actions` names it and `notActions` takes it back.
 */
export type RoleVerdict = 'allowed' | 'conditional' | 'actionExcluded' | 'actionNotInRole';

interface CompiledPermission {
  readonly condition: string | undefined;
  readonly includes: Readonly<Record<Plane, ActionMatcher>>;
  readonly excludes: Readonly<Record<Plane, ActionMatcher>>;
}

/** A permission list, compiled once; `verdict` takes the action folded (lower case). */
export interface CompiledPermissions {
  verdict(foldedAction: string, plane: Plane): RoleVerdict;
  /** The conditions of the permissions that have the action: any of them that holds allows it. */
  conditions(foldedAction: string, plane: Plane): readonly string[];
}

/** A role definition with its patterns compiled. */
export interface CompiledRole extends CompiledPermissions {
  readonly definition: RoleDefinition;
}

/** Compiles permissions: each entry is its actions minus its own notActions; the entries are a union. */
export function compilePermissions(permissions: readonly Permission[]): CompiledPermissions {
  const compiled = permissions.map(compilePermission);
  return {
    verdict: (foldedAction, plane) => verdictOf(compiled, foldedAction, plane),
    conditions: (foldedAction, plane) =>
      compiled.flatMap((one) => (one.condition !== undefined && has(one, foldedAction, plane) ? [one.condition] : [])),
  };
}

/** Compiles a role definition, when it is first asked: of hundreds of roles a few are in use. */
export function compileRole(definition: RoleDefinition): CompiledRole {
  let compiled: CompiledPermissions | undefined;
  const permissions = () => {
    compiled ??= compilePermissions(definition.permissions);
    return compiled;
  };
  const work = (foldedAction: string, plane: Plane) => permissions().verdict(foldedAction, plane);
  const control = rememberVerdicts((foldedAction) => work(foldedAction, 'control'));
  return {
    definition,
    verdict: (foldedAction, plane) => (plane === 'control' ? control(foldedAction) : work(foldedAction, plane)),
    conditions: (foldedAction, plane) => permissions().conditions(foldedAction, plane),
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
    condition: permission.condition,
    includes: { control: compileActions(permission.actions), data: compileActions(permission.dataActions) },
    excludes: { control: compileActions(permission.notActions), data: compileActions(permission.notDataActions) },
  };
}

function verdictOf(permissions: readonly CompiledPermission[], foldedAction: string, plane: Plane): RoleVerdict {
  let verdict: RoleVerdict = 'actionNotInRole';
  for (const permission of permissions) {
    if (!permission.includes[plane](foldedAction)) continue;
    const excluded = permission.excludes[plane](foldedAction);
    if (!excluded && permission.condition === undefined) return 'allowed';
    if (!excluded) verdict = 'conditional';
    else if (verdict !== 'conditional') verdict = 'actionExcluded';
  }
  return verdict;
}

function has({ includes, excludes }: CompiledPermission, foldedAction: string, plane: Plane): boolean {
  return includes[plane](foldedAction) && !excludes[plane](foldedAction);
}
