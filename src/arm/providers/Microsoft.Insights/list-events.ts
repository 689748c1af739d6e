import { parseActivityFilter } from '../../../core/activity/filter.ts';
import type { ActivityLog, ActivityPage } from '../../../core/ports/activity-log.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import type { Answer, Call } from '../../provider-contract.ts';
import { parseSelect } from './select.ts';

/** How many events a page has at most, as Azure's have. */
const pageSize = 200;

/**
 * Answers a page of events, newest first, of the subscription in the path or of the tenant. `$top` bounds all pages
 * together: a `nextLink` asks for what is left of it. A page can be empty and have a `nextLink` all the same.
 * @see Azure CLI `monitor/aaz/latest/monitor/activity_log/_list.py`: follows `nextLink`, then cuts to `--max-events`
 */
export async function listEvents(log: ActivityLog, call: Call): Promise<Answer | Refusal> {
  const filter = parseActivityFilter(call.query.get('$filter'), call.now);
  if (isRefusal(filter)) return filter;
  const select = parseSelect(call.query.get('$select'));
  if (isRefusal(select)) return select;
  const top = parseTop(call.query.get('$top'));
  if (isRefusal(top)) return top;
  const page = await log.query({
    ...filter,
    ...(call.params.subscriptionId === undefined ? {} : { subscriptionId: call.params.subscriptionId }),
    limit: Math.min(pageSize, top ?? pageSize),
    ...skipTokenOf(call),
  });
  if (isRefusal(page)) return page;
  const value = page.events.map((event) => select(event.body));
  return { status: 200, body: { value, ...nextLink(call, page, top) } };
}

function skipTokenOf(call: Call): { readonly skipToken?: string } {
  const skipToken = call.query.get('$skiptoken');
  return skipToken === undefined ? {} : { skipToken };
}

function parseTop(top: string | undefined): number | undefined | Refusal {
  if (top === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(top)) return Number(top);
  return refuse('BadRequest', `The $top '${top}' is not valid. It must be a whole number above 0.`, { target: '$top' });
}

/** The same query, going on after this page with what is left of `$top`. */
function nextLink(call: Call, page: ActivityPage, top: number | undefined): { readonly nextLink?: string } {
  const left = top === undefined ? undefined : top - page.events.length;
  if (page.skipToken === undefined || left === 0) return {};
  const kept = ['$filter', '$select'].flatMap((name) => {
    const value = call.query.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    nextLink: call.link({
      'api-version': call.apiVersion,
      ...Object.fromEntries(kept),
      ...(left === undefined ? {} : { $top: String(left) }),
      $skiptoken: page.skipToken,
    }),
  };
}
