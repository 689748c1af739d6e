import { isJsonObject, type Json } from '../../core/json.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';

/**
 * The ids of the events that a body approves: `{"StartRequests": [{"EventId": "…"}]}`. Refuses `imdsBodyInvalid`.
 * @see https://learn.microsoft.com/azure/virtual-machines/linux/scheduled-events "Start an event"
 */
export function parseStartRequests(text: string): readonly string[] | Refusal {
  const body = parseJson(text);
  const requests = isJsonObject(body) ? body['StartRequests'] : undefined;
  if (!Array.isArray(requests)) return malformed('it must be an object with an array StartRequests');
  const ids = requests.map((request: Json) => (isJsonObject(request) ? request['EventId'] : undefined));
  return ids.every((id) => typeof id === 'string')
    ? ids
    : malformed('each of StartRequests must be an object with a string EventId');
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function malformed(why: string): Refusal {
  return refuse('imdsBodyInvalid', `The body is malformed: ${why}`);
}
