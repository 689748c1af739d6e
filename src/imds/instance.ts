import type { MachineView } from '../core/ports/machines.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { type Answer, json, text } from './answer.ts';
import { parseApiVersion } from './api-versions.ts';
import { describeInstance } from './instance-document.ts';
import { asOf, findElement, formatText } from './instance-element.ts';

/**
 * Answers an element of the instance document, as JSON or as text; a leaf as text only. Refuses `imdsApiVersion`,
 * `imdsParameterInvalid`, `imdsNotFound`.
 * @see https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service "Route parameters", "Query parameters"
 */
export function answerInstance(
  view: MachineView,
  path: readonly string[],
  query: ReadonlyMap<string, string>,
): Answer | Refusal {
  const version = parseApiVersion(query.get('api-version'), '2017-03-01');
  if (isRefusal(version)) return version;
  const format = (query.get('format') ?? 'json').toLowerCase();
  if (format !== 'json' && format !== 'text') {
    return refuse('imdsParameterInvalid', `format '${format}' is invalid; it is 'json' or 'text'`);
  }
  const element = findElement(asOf(version, describeInstance(view)), path);
  if (element === undefined) {
    return refuse('imdsNotFound', `There is no element '${path.join('/')}' in api-version ${version}`);
  }
  if (format === 'text') return text(formatText(element));
  if (typeof element !== 'string') return json(element);
  return refuse('imdsParameterInvalid', `'${path.join('/')}' is a leaf; it can only be read with format=text`);
}
