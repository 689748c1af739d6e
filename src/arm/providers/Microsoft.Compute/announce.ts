import type { JsonObject } from '../../../core/json.ts';
import type { Impact, ScheduledEventType } from '../../../core/ports/scheduled-events.ts';
import { type ProviderContext, suspended } from '../../provider-contract.ts';
import { machineKey, propertiesOf, vmIdOf } from './machine-document.ts';
import { partOf } from './machine-properties.ts';

/**
 * Does something to a machine that ends its processes: announced to the machine first, where it runs and listens for its events,
 * and done when it has approved or its notice is over. Meanwhile other things may be done to the machine: `act` takes its turn
 * then. `suspended` when Postern ends before.
 */
export async function announced<Result>(
  context: ProviderContext,
  machine: { readonly resourceId: string; readonly vmId: string },
  eventType: ScheduledEventType,
  act: () => Promise<Result>,
): Promise<Result | typeof suspended> {
  const impact = await impactOf(context, machine, eventType);
  if (impact === undefined) return act();
  const announcement = await context.scheduledEvents.announce(impact);
  if (announcement.outcome === 'hostStops') return suspended;
  try {
    return await act();
  } finally {
    await announcement.end();
  }
}

/**
 * Undefined for a deletion that the machine is not to be told of. A machine that does not run is not waited for: what was announced to
 * it while it ran ends with what is done to it now.
 */
async function impactOf(
  { store, machineHost }: ProviderContext,
  { resourceId, vmId }: { readonly resourceId: string; readonly vmId: string },
  eventType: ScheduledEventType,
): Promise<Impact | undefined> {
  const body = (await store.get(machineKey(resourceId)))?.body;
  if (body === undefined || vmIdOf(body) !== vmId) return undefined;
  const isDown = machineHost.running(resourceId) === undefined;
  const impact = { vmId, eventType, resourceName: String(body['name']), approved: isDown };
  if (eventType !== 'Terminate') return { ...impact, approved: isDown || isApproved(propertiesOf(body), eventType) };
  const noticeMillis = terminateNotice(propertiesOf(body));
  return noticeMillis === undefined ? undefined : { ...impact, noticeMillis };
}

/** Whether the machine's policy approves beforehand. @see Compute's specification, ScheduledEventsPolicy */
function isApproved(properties: JsonObject, eventType: 'Reboot' | 'Redeploy'): boolean {
  const policy = partOf(properties, 'scheduledEventsPolicy');
  return partOf(policy, `userInitiated${eventType}`)['automaticallyApprove'] === true;
}

/**
 * The notice of a deletion where it is asked for, in milliseconds: 5 to 15 minutes, default 5.
 * @see Compute's specification, TerminateNotificationProfile
 */
function terminateNotice(properties: JsonObject): number | undefined {
  const profile = partOf(partOf(properties, 'scheduledEventsProfile'), 'terminateNotificationProfile');
  if (profile['enable'] !== true) return undefined;
  const minutes = Number(/^PT(\d{1,2})M$/i.exec(String(profile['notBeforeTimeout']))?.[1] ?? 5);
  return Math.min(15, Math.max(5, minutes)) * 60_000;
}
