import type { EpochMillis } from '../../core/time.ts';
import { parseTime } from './format-time.ts';

const clause = /\bcreatedDateTime\s+(ge|gt|le|lt|eq)\s+([0-9][\w.:+-]*)/gi;

/**
 * Between which times a `$filter` of sign-ins can match at all, so that the others need not be looked at; nothing where it has `or`
 * or `not`. What a text in quotes says is no clause.
 */
export function timesIn(filter: string): { readonly from?: EpochMillis; readonly to?: EpochMillis } {
  const clauses = filter.replace(/'(?:[^']|'')*'/g, "''");
  if (/\b(?:or|not)\b/i.test(clauses)) return {};
  const found = [...clauses.matchAll(clause)].map(([, operator = '', text = '']) => ({
    operator: operator.toLowerCase(),
    time: parseTime(text),
  }));
  const froms = found.flatMap(({ operator, time }) =>
    time !== undefined && /^(ge|gt|eq)$/.test(operator) ? [time] : [],
  );
  const tos = found.flatMap(({ operator, time }) =>
    time !== undefined && /^(le|lt|eq)$/.test(operator) ? [time] : [],
  );
  return {
    ...(froms.length === 0 ? {} : { from: Math.max(...froms) as EpochMillis }),
    ...(tos.length === 0 ? {} : { to: Math.min(...tos) as EpochMillis }),
  };
}
