import { createRequire } from 'node:module';
import type { AuthorizationCall } from '@cedar-policy/cedar-wasm';
import type { RoleAssignment } from '../../src/core/rbac/role-assignment.ts';
import type { RoleDefinition } from '../../src/core/rbac/role-definition.ts';
import type { Query } from './world.ts';

// The peer: Cedar's own engine, compiled to WebAssembly. Each request is given what it needs and no more: the caller's
// assignments as policies, and the resource with what it lies in. Cedar's `like` is Azure's wildcard.
const cedar = createRequire(import.meta.url)(
  '@cedar-policy/cedar-wasm/nodejs',
) as typeof import('@cedar-policy/cedar-wasm');

/** One request to Cedar: what is decided, and the caller's policies as Cedar's text. */
export type CedarRequest = AuthorizationCall;

/** Puts a query and the caller's assignments into Cedar's terms, before the clock runs. */
export function cedarRequest(
  { principals, action, scope }: Query,
  assignments: readonly RoleAssignment[],
  roles: ReadonlyMap<string, RoleDefinition>,
): CedarRequest {
  const policies = assignments.map((assignment) => policyOf(assignment, roles.get(assignment.roleDefinitionId)));
  const target = scope.toLowerCase();
  return {
    principal: { type: 'Principal', id: principals[0] ?? '' },
    action: { type: 'Action', id: 'request' },
    resource: { type: 'Scope', id: target },
    context: { action: action.toLowerCase() },
    policies: { staticPolicies: policies.join('\n') },
    entities: [{ uid: { type: 'Scope', id: target }, attrs: {}, parents: ancestorsOf(target) }],
  };
}

/** Decides. Throws where Cedar could not. */
export function cedarAllows(request: CedarRequest): boolean {
  const answer = cedar.isAuthorized(request);
  if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors));
  return answer.response.decision === 'allow';
}

function policyOf({ scope }: RoleAssignment, role: RoleDefinition | undefined): string {
  const permission = role?.permissions[0];
  const matches = (patterns: readonly string[] = []) =>
    patterns.map((pattern) => `context.action like ${JSON.stringify(pattern.toLowerCase())}`).join(' || ');
  const excluded = permission?.notActions.length ? ` unless { ${matches(permission.notActions)} }` : '';
  const where = `resource in Scope::${JSON.stringify(scope.toLowerCase())}`;
  return `permit (principal, action, ${where}) when { ${matches(permission?.actions)} }${excluded};`;
}

function ancestorsOf(scope: string) {
  const segments = scope.split('/');
  return segments.flatMap((_, at) =>
    at < 2 || at === segments.length - 1 ? [] : [{ type: 'Scope', id: segments.slice(0, at + 1).join('/') }],
  );
}
