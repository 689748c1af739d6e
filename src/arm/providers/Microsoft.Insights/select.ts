import type { JsonObject } from '../../../core/json.ts';
import { type Refusal, refuse } from '../../../core/refusal.ts';

/** An event's properties. @see the 2015-04-01 activityLogs swagger, EventData; `channels` and `relatedEvents` of the schema; `posternActor` is ours */
const eventProperties = [
  'authorization',
  'caller',
  'category',
  'channels',
  'claims',
  'correlationId',
  'description',
  'eventDataId',
  'eventName',
  'eventTimestamp',
  'httpRequest',
  'id',
  'level',
  'operationId',
  'operationName',
  'posternActor',
  'properties',
  'relatedEvents',
  'resourceGroupName',
  'resourceId',
  'resourceProviderName',
  'resourceType',
  'status',
  'subStatus',
  'submissionTimestamp',
  'subscriptionId',
  'tenantId',
];

/** Takes from an event what was selected. */
export type Selection = (event: JsonObject) => JsonObject;

/**
 * Parses `$select`: names between commas, with blanks (az sends ` , `), in any letter case; everything without one. Refuses
 * `BadRequest` for a name that no event has.
 */
export function parseSelect(select: string | undefined): Selection | Refusal {
  if (select === undefined) return (event) => event;
  const asked = select.split(',').map((name) => name.trim().toLowerCase());
  const unknown = asked.find((name) => !eventProperties.some((known) => known.toLowerCase() === name));
  if (unknown !== undefined) {
    const message = `The $select asks for '${unknown}', which no event has. It can ask for: ${eventProperties.join(', ')}.`;
    return refuse('BadRequest', message, { target: '$select' });
  }
  return (event) => Object.fromEntries(Object.entries(event).filter(([name]) => asked.includes(name.toLowerCase())));
}
