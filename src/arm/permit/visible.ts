import { isJsonObject, type Json } from '../../core/json.ts';
import type { Authorizer } from '../../core/ports/authorizer.ts';
import type { VerifiedToken } from '../../core/ports/token-verifier.ts';
import type { AccessFacts } from '../../core/rbac/access-facts.ts';
import { isAtOrBelow } from '../../core/resource-id.ts';
import type { Route } from '../route/route.ts';

/** Who looks at a list, and what is known of the request. */
export interface Viewer {
  readonly authorizer: Authorizer;
  readonly caller: VerifiedToken;
  readonly facts: AccessFacts;
}

/** Lists that show each caller what it may read, as the paths of their templates. */
const sifted: readonly RegExp[] = [
  /^\/subscriptions\/\{[^}]+\}\/resourcegroups$/i,
  /^\/subscriptions\/\{[^}]+\}\/resources$/i,
  /^\/subscriptions\/\{[^}]+\}\/resourcegroups\/\{[^}]+\}\/resources$/i,
  /^\/subscriptions\/\{[^}]+\}(\/resourcegroups\/\{[^}]+\})?\/providers\/[^/{}]+\/[^/{}]+$/i,
];

/**
 * Whether a list that the caller may not read as a whole is answered with the part that it may read: lists of groups and
 * resources are, when the caller has a role somewhere below. So `az group list` and `az vm list` show the reader of one
 * group that group and its machines, as in Azure.
 */
export function showsPart(route: Route, { authorizer, caller, facts }: Viewer, scope: string): boolean {
  if (route.operation.method !== 'GET' || !sifted.some((path) => path.test(route.operation.path))) return false;
  return authorizer.scopesOf(caller.objectId, facts).some((assigned) => isAtOrBelow(assigned, scope));
}

/** A list's body with the items that the caller may read. Generic lists ask each type's own read permission. */
export function sift(body: Json, route: Route, { authorizer, caller, facts }: Viewer): Json {
  if (!isJsonObject(body) || !Array.isArray(body['value'])) return body;
  const generic = route.operation.path.endsWith('/resources');
  const value = (body['value'] as readonly Json[]).filter((item) => {
    if (!isJsonObject(item)) return false;
    const action = generic ? `${String(item['type'])}/read` : (route.operation.permission ?? '');
    return authorizer.decide({ principalId: caller.objectId, action, scope: String(item['id']), facts }).allowed;
  });
  return { ...body, value };
}
