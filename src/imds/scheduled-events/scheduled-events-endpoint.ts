import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { type Answer, done, json } from '../answer.ts';
import type { Endpoint, EndpointCall } from '../endpoint.ts';
import { type EventVersion, eventVersions, formatEvents } from './scheduled-event.ts';
import type { OpenScheduledEvents } from './scheduled-events.ts';
import { parseStartRequests } from './start-requests.ts';

/** The endpoint where a machine reads its events (GET) and approves them (POST). Both make it listen. */
export function scheduledEventsEndpoint(events: OpenScheduledEvents): Endpoint {
  return async (call) => {
    const version = parseVersion(call.query.get('api-version'));
    if (isRefusal(version)) return version;
    if (call.method === 'POST') return approve(events, call);
    const { incarnation, events: present } = await events.ask(call.view.vmId);
    return json(formatEvents(incarnation, present, version));
  };
}

async function approve(events: OpenScheduledEvents, { view, readBody }: EndpointCall): Promise<Answer | Refusal> {
  const text = await readBody();
  const ids = isRefusal(text) ? text : parseStartRequests(text);
  if (isRefusal(ids)) return ids;
  await events.ask(view.vmId);
  if (await events.approve(view.vmId, ids)) return done;
  return refuse('imdsBodyInvalid', 'An EventId is not that of a scheduled event of this machine');
}

function parseVersion(written: string | undefined): EventVersion | Refusal {
  const version = eventVersions.find((one) => one === written);
  if (version !== undefined) return version;
  return refuse(
    'imdsParameterInvalid',
    `api-version is invalid or was not specified in the request; it is one of ${eventVersions.join(', ')}`,
  );
}
