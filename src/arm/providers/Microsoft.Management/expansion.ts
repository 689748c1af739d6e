import { type Refusal, refuse } from '../../../core/refusal.ts';
import type { Expansion } from './show-group.ts';

const known = ['children', 'path', 'ancestors'];

/** Reads `$expand`, `$recurse` and `$filter` of a GET of a management group. Refuses `BadRequest`, `InvalidFilterInQueryString`. */
export function parseExpansion(query: ReadonlyMap<string, string>): Expansion | Refusal {
  const words = (query.get('$expand') ?? '')
    .toLowerCase()
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  const wrong = words.find((word) => !known.includes(word));
  if (wrong !== undefined) {
    return refuse('BadRequest', `The value '${wrong}' of $expand is not valid. Use ${known.join(', ')}.`);
  }
  const recurse = query.get('$recurse')?.toLowerCase() === 'true';
  if (recurse && !words.includes('children')) return refuse('BadRequest', '$recurse=true needs $expand=children.');
  const filter = query.get('$filter')?.trim() ?? '';
  const groupsOnly = /^children\.childType\s+ne\s+'?subscription'?$/i.test(filter);
  if (filter !== '' && !groupsOnly) {
    return refuse('InvalidFilterInQueryString', `The filter '${filter}' is not supported.`);
  }
  return {
    ...(words.includes('children') ? { children: recurse ? 'all' : 'direct' } : {}),
    groupsOnly,
    path: words.includes('path'),
    ancestors: words.includes('ancestors'),
  };
}
