import type { Json, JsonObject } from '../../core/json.ts';
import type { ScheduledEventType } from '../../core/ports/scheduled-events.ts';
import type { EpochMillis } from '../../core/time.ts';

/** An event that a machine sees. */
export interface ScheduledEvent {
  /** A GUID in upper case, as Azure writes it. */
  readonly id: string;
  readonly eventType: ScheduledEventType;
  readonly status: 'Scheduled' | 'Started';
  readonly notBefore: EpochMillis;
  readonly resourceName: string;
}

/**
 * The api-versions of this endpoint, newest first; they are its own.
 * @see https://learn.microsoft.com/azure/virtual-machines/linux/scheduled-events "Version and region availability"
 */
export const eventVersions = [
  '2020-07-01',
  '2019-08-01',
  '2019-04-01',
  '2019-01-01',
  '2017-11-01',
  '2017-08-01',
  '2017-03-01',
] as const;

/** One of them. */
export type EventVersion = (typeof eventVersions)[number];

/** `Reboot` is the documented text; the others follow it. */
const descriptions: Readonly<Record<ScheduledEventType, string>> = {
  Reboot: 'Virtual machine is going to be restarted as requested by authorized user.',
  Redeploy: 'Virtual machine is going to be redeployed as requested by authorized user.',
  Terminate: 'Virtual machine is going to be deleted as requested by authorized user.',
};

/**
 * The document of a machine's events, in a version: the oldest one wrote an underscore before names, and terminations, descriptions,
 * sources and durations came later. How long an interruption will be is not known: `-1`.
 */
export function formatEvents(
  incarnation: number,
  events: readonly ScheduledEvent[],
  version: EventVersion,
): JsonObject {
  const known = events.filter(({ eventType }) => eventType !== 'Terminate' || version >= '2019-01-01');
  return { DocumentIncarnation: incarnation, Events: known.map((event): Json => formatEvent(event, version)) };
}

function formatEvent(event: ScheduledEvent, version: EventVersion): JsonObject {
  const { id, eventType, status, notBefore, resourceName } = event;
  return {
    EventId: id,
    EventStatus: status,
    EventType: eventType,
    ResourceType: 'VirtualMachine',
    Resources: [version === '2017-03-01' ? `_${resourceName}` : resourceName],
    NotBefore: status === 'Started' ? '' : new Date(notBefore).toUTCString(),
    ...(version >= '2019-04-01' ? { Description: descriptions[eventType] } : {}),
    ...(version >= '2019-08-01' ? { EventSource: 'User' } : {}),
    ...(version >= '2020-07-01' ? { DurationInSeconds: -1 } : {}),
  };
}
