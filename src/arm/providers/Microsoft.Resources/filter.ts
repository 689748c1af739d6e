import { type Expression, type FieldTest, parseExpression } from '../../../core/filter/expression.ts';
import { matcherOf } from '../../../core/filter/matcher.ts';
import type { JsonObject } from '../../../core/json.ts';
import { type Refusal, refuse } from '../../../core/refusal.ts';
import { fieldNames, fieldsOf } from './filter-fields.ts';

/** Whether a resource passes a `$filter`. */
export type Filter = (resource: JsonObject) => boolean;

/**
 * Parses a `$filter` of resources or groups over the fields that Azure filters by. `tagName eq 'a' and tagValue eq 'b'` means
 * one tag. Refuses `InvalidFilterInQueryString`.
 * @see https://learn.microsoft.com/rest/api/resources/resources/list "$filter"
 */
export function parseFilter(text: string | undefined): Filter | Refusal {
  if (text === undefined || text.trim() === '') return () => true;
  const expression = parseExpression(text);
  const filter = expression === undefined ? undefined : filterOf(expression);
  return filter ?? refuse('InvalidFilterInQueryString', `Invalid $filter '${text}' specified in the query string.`);
}

/** Undefined where the expression names a field that there is not. */
function filterOf(expression: Expression): Filter | undefined {
  if ('field' in expression) return testOf(expression);
  const [left, right] = 'and' in expression ? expression.and : expression.or;
  const tag = 'and' in expression ? (oneTag(left, right) ?? oneTag(right, left)) : undefined;
  if (tag !== undefined) return tag;
  const [one, other] = [filterOf(left), filterOf(right)];
  if (one === undefined || other === undefined) return undefined;
  if ('and' in expression) return (resource) => one(resource) && other(resource);
  return (resource) => one(resource) || other(resource);
}

/** `ne` holds where no value of the field is the text: a resource has many tags. */
function testOf(test: FieldTest): Filter | undefined {
  const field = fieldNames.get(test.field.toLowerCase());
  if (field === undefined) return undefined;
  const matches = matcherOf(test);
  if (test.test === 'ne') return (resource) => fieldsOf(field, resource).every(matches);
  return (resource) => fieldsOf(field, resource).some(matches);
}

/** A tag's name and value joined by `and` mean the same tag. */
function oneTag(name: Expression, value: Expression): Filter | undefined {
  if (!isEqual(name, 'tagname') || !isEqual(value, 'tagvalue')) return undefined;
  const pair = `${name.value}=${value.value}`.toLowerCase();
  return (resource) => fieldsOf('tag', resource).includes(pair);
}

function isEqual(expression: Expression, field: string): expression is FieldTest {
  return 'field' in expression && expression.test === 'eq' && expression.field.toLowerCase() === field;
}
