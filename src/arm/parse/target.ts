import { type Refusal, refuse } from '../../core/refusal.ts';
import { rememberTexts } from '../../core/remember.ts';

/** What a request asks about: the path's segments, decoded once, and the query by lower-case name. */
export interface Target {
  readonly segments: readonly string[];
  readonly query: ReadonlyMap<string, string>;
}

/**
 * Takes a request URL apart, leniently as ARM does: repeated and trailing slashes mean nothing (clients concatenate),
 * query names have no case and the first of two wins. Refuses `InvalidRequestUri` for what could mean two things: dot
 * segments, encoded slashes, control characters, a second layer of percent-encoding.
 * @see az `cloud register` and terraform azurerm, which send `//metadata/endpoints`
 */
export const parseTarget: (url: string) => Target | Refusal = rememberTexts(parse, { limit: 1024, maxLength: 2048 });

function parse(url: string): Target | Refusal {
  const rest = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/#.*$/s, '');
  const mark = rest.indexOf('?');
  const path = openScope(mark < 0 ? rest : rest.slice(0, mark));
  const segments: string[] = [];
  for (const raw of path.split('/')) {
    if (raw === '') continue;
    const segment = decodeSegment(raw);
    if (segment === undefined)
      return refuse('InvalidRequestUri', `The request URI path segment '${raw}' is not valid.`);
    segments.push(segment);
  }
  return { segments: plainScope(segments), query: parseQuery(mark < 0 ? '' : rest.slice(mark + 1)) };
}

/**
 * A whole scope that was encoded as one first segment, taken apart again: `/%2Fsubscriptions%2F…/providers/…`. No path has such a
 * segment of its own. Other encoded slashes are refused.
 * @see @azure/arm-locks 2.1.0, ManagementLocks.getByScope
 */
function openScope(path: string): string {
  return path.replace(/^\/+%2F[^/]*/i, (scope) => scope.replace(/%2F/gi, '/'));
}

/**
 * The other spelling that a subscription has as a scope, told plainly: `/providers/Microsoft.Subscription/subscriptions/{id}/providers/…`.
 * @see https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-resource-roles-activate-your-roles
 */
function plainScope(segments: readonly string[]): readonly string[] {
  const [root, namespace, type, id, next] = segments.slice(0, 5).map((segment) => segment.toLowerCase());
  const isSpelled = root === 'providers' && namespace === 'microsoft.subscription' && type === 'subscriptions';
  const isScope = isSpelled && id !== undefined && (next === 'providers' || next === 'resourcegroups');
  return isScope ? segments.slice(2) : segments;
}

/** Characters that no ARM name may have and that a second reader of the path could take for structure. */
const ambiguous = /[/\\%?#<>\p{Cc}\p{Zl}\p{Zp}]/u;

function decodeSegment(raw: string): string | undefined {
  let segment: string;
  try {
    segment = decodeURIComponent(raw);
  } catch {
    return undefined;
  }
  const dots = segment === '.' || segment === '..';
  return dots || segment.trim() === '' || ambiguous.test(segment) ? undefined : segment;
}

function parseQuery(text: string): ReadonlyMap<string, string> {
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    const key = name.toLowerCase();
    if (!query.has(key)) query.set(key, value);
  }
  return query;
}
