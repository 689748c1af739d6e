import type { EpochMillis } from '../time.ts';

/** What can be announced to a machine. */
export type ScheduledEventType = 'Reboot' | 'Redeploy' | 'Terminate';

/** Something that is about to happen to a machine because a user asked for it. */
export interface Impact {
  readonly vmId: string;
  /** The machine's name as the event shows it. */
  readonly resourceName: string;
  readonly eventType: ScheduledEventType;
  /** How long it waits for the machine's consent, in milliseconds; default: what is set for its type. */
  readonly noticeMillis?: number;
  /** The resource says that the machine's consent is not needed: it is told, and not waited for. */
  readonly approved?: boolean;
}

/** An impact that was announced. */
export interface Announcement {
  /** `hostStops`: Postern is ending, and what was announced must be taken up when it starts again. */
  readonly outcome: 'mayBegin' | 'hostStops';
  /** The impact is over. */
  end(): Promise<void>;
}

/** Tells machines what is about to happen to them. */
export interface ScheduledEvents {
  /**
   * Announces an impact to a machine that listens, and resolves when it may begin: when the machine has approved it, or when its
   * notice is over, or at once for a machine that does not listen or is gone. An impact that was announced before a restart of
   * Postern and is announced again goes on where it was.
   */
  announce(impact: Impact): Promise<Announcement>;
}

/** How long each impact waits at least, in milliseconds, until a machine approves it. */
export type Notices = Readonly<Record<ScheduledEventType, number>>;

const minuteMillis = 60_000;

/**
 * Azure's notices. A termination's is the resource's own: 5 to 15 minutes.
 * @see https://learn.microsoft.com/azure/virtual-machines/linux/scheduled-events "Event scheduling"
 */
export const azureNotices: Notices = {
  Reboot: 15 * minuteMillis,
  Redeploy: 10 * minuteMillis,
  Terminate: 5 * minuteMillis,
};

/** A machine that has not asked for its events for so long does not listen. @see the same, "Enabling and disabling" */
export const listeningMillis = 24 * 60 * minuteMillis;

/** Whether a machine listens. */
export function isListening(askedAt: EpochMillis | undefined, now: EpochMillis): boolean {
  return askedAt !== undefined && now - askedAt < listeningMillis;
}
