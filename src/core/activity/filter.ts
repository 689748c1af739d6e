import type { ActivityQuery } from '../ports/activity-log.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { type EpochMillis, formatArmTime } from '../time.ts';
import { activityRetentionMillis } from './retention.ts';
import { parseTimestamp } from './timestamp.ts';

/** What a `$filter` says: the part of a query that is about the events. */
export type ActivityFilter = Omit<ActivityQuery, 'subscriptionId' | 'limit' | 'skipToken'>;

interface Condition {
  readonly field: string;
  readonly operator: string;
  readonly value: string;
}

/** The fields that a filter may ask for, in any letter case, and what each is in a query. */
const fields: Readonly<Record<string, keyof ActivityFilter | 'eventChannels'>> = {
  resourcegroupname: 'resourceGroupName',
  resourceid: 'resourceId',
  resourceuri: 'resourceId',
  resourceprovider: 'resourceProvider',
  correlationid: 'correlationId',
  caller: 'caller',
  status: 'status',
  levels: 'levels',
  eventchannels: 'eventChannels',
  posternuser: 'userName',
  posterntoken: 'uti',
};

const oneOfThese: readonly string[] = ['resourceGroupName', 'resourceId', 'resourceProvider', 'correlationId'];

/**
 * Parses the activity log's `$filter`: `eventTimestamp ge T [and eventTimestamp le T]`, then at most one of
 * resourceGroupName, resourceUri or resourceId, resourceProvider, correlationId, then caller, status, levels, eventChannels
 * (every event here is of channel Operation, so it selects nothing), and our own posternUser (of the machine) and posternToken
 * (its `uti`). Without `le` it ends now. Refuses `BadRequest`.
 * @see https://learn.microsoft.com/rest/api/monitor/activity-logs/list, `$filter`
 * @see Azure CLI `monitor/_legacy/custom.py` `_build_activity_log_odata_filter`: times without quotes and zone; `role/custom.py`
 * `_get_assignment_events`: `resourceProvider eq Microsoft.Authorization` without quotes
 */
export function parseActivityFilter(filter: string | undefined, now: EpochMillis): ActivityFilter | Refusal {
  if (filter === undefined || blank.test(filter)) {
    return refuse('BadRequest', `The query parameter $filter is required. ${expected}`);
  }
  const conditions = parseConditions(filter);
  if (isRefusal(conditions)) return conditions;
  const times = conditions.filter(({ field }) => field.toLowerCase() === 'eventtimestamp');
  const range = parseRange(times, now);
  if (isRefusal(range)) return range;
  const rest = parseFields(conditions.filter((condition) => !times.includes(condition)));
  return isRefusal(rest) ? rest : { ...range, ...rest };
}

const expected =
  "It must have the form: eventTimestamp ge '2026-11-01T00:00:00Z' and eventTimestamp le '2026-11-02T00:00:00Z'" +
  " [and resourceGroupName|resourceUri|resourceProvider|correlationId eq 'value']" +
  " [and caller eq 'value'] [and status eq 'value'] [and levels eq 'Error,Warning'] [and posternUser eq 'value'] [and posternToken eq 'value'].";

const blank = /^[\s+]*$/;

/**
 * One condition at the current position: a field, an operator and a value, in quotes (`''` is a quote) or, for a time and a
 * single word, without. A `+` between words is a blank that was not decoded.
 */
const conditionPattern =
  /[\s+]*([a-z]+)[\s+]+(ge|le|eq)[\s+]+(?:'((?:[^']|'')*)'|(\d{4}-\d\d-\d\d(?:[T\s+][\d:.]+(?:Z|[\s+-]\d\d:?\d\d)?)?|[^\s+'()]+))[\s+]*(?:$|and(?=[\s+]))/iy;

function parseConditions(filter: string): readonly Condition[] | Refusal {
  const conditions: Condition[] = [];
  for (let at = 0; at < filter.length; at = conditionPattern.lastIndex) {
    conditionPattern.lastIndex = at;
    const match = conditionPattern.exec(filter);
    if (match === null) return invalid(filter);
    const [whole, field = '', operator = '', quoted, unquoted = ''] = match;
    if (/and$/i.test(whole) && blank.test(filter.slice(at + whole.length))) return invalid(filter);
    const value = quoted?.replaceAll("''", "'") ?? unquoted;
    conditions.push({ field, operator: operator.toLowerCase(), value });
  }
  return conditions;
}

function invalid(filter: string): Refusal {
  return refuse('BadRequest', `The $filter '${filter}' is not valid. ${expected}`);
}

function parseRange(
  times: readonly Condition[],
  now: EpochMillis,
): { readonly from: EpochMillis; readonly to: EpochMillis } | Refusal {
  const from = parseEnd(times, 'ge');
  const to = parseEnd(times, 'le') ?? now;
  if (isRefusal(from)) return from;
  if (isRefusal(to)) return to;
  if (from === undefined || times.some(({ operator }) => operator === 'eq')) {
    return refuse('BadRequest', `The $filter has no start time. ${expected}`);
  }
  if (from < now - activityRetentionMillis) {
    const earliest = formatArmTime((now - activityRetentionMillis) as EpochMillis);
    const message = 'The start time cannot be more than 90 days in the past.';
    return refuse('BadRequest', `${message} It is ${formatArmTime(from)}; the earliest possible is ${earliest}.`);
  }
  if (to < from) {
    const message = `The end time ${formatArmTime(to)} is before the start time ${formatArmTime(from)}.`;
    return refuse('BadRequest', message);
  }
  return { from, to };
}

function parseEnd(times: readonly Condition[], operator: 'ge' | 'le'): EpochMillis | Refusal | undefined {
  const [condition, second] = times.filter((time) => time.operator === operator);
  if (second !== undefined) return refuse('BadRequest', `The $filter has eventTimestamp ${operator} more than once.`);
  if (condition === undefined) return undefined;
  const time = parseTimestamp(condition.value);
  if (time !== undefined) return time;
  const message = `The time '${condition.value}' of eventTimestamp is not valid.`;
  return refuse('BadRequest', `${message} It must be in ISO 8601, such as 2026-11-01T00:00:00Z.`);
}

function parseFields(conditions: readonly Condition[]): Partial<ActivityFilter> | Refusal {
  const found = new Map<string, string>();
  for (const { field, operator, value } of conditions) {
    const name = Object.hasOwn(fields, field.toLowerCase()) ? fields[field.toLowerCase()] : undefined;
    if (name === undefined) return refuse('BadRequest', `The $filter cannot ask for '${field}'. ${expected}`);
    if (operator !== 'eq') return refuse('BadRequest', `The $filter can compare ${field} with 'eq' only.`);
    if (value === '') return refuse('BadRequest', `The $filter compares ${field} with an empty value.`);
    if (found.has(name)) return refuse('BadRequest', `The $filter asks for ${name} more than once.`);
    found.set(name, value);
  }
  const subjects = oneOfThese.filter((name) => found.has(name));
  if (subjects.length > 1) {
    const message = `The $filter asks for ${subjects.join(' and ')}; it can ask for one of ${oneOfThese.join(', ')}.`;
    return refuse('BadRequest', message);
  }
  found.delete('eventChannels');
  const { levels, ...words } = Object.fromEntries(found);
  return levels === undefined ? words : { ...words, levels: levels.split(',').map((level) => level.trim()) };
}
