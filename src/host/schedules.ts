import type { AssignmentLimits } from '../arm/providers/Microsoft.Authorization/authorization-context.ts';
import {
  type TendedSchedules,
  type Timer,
  tendSchedules,
} from '../arm/providers/Microsoft.Authorization/schedules/tend-schedules.ts';
import type { LogEntry } from './configuration.ts';
import type { Services } from './services.ts';

/** The process's own timers; one that waits does not keep the process alive. */
const systemTimer: Timer = (callback, millis) => {
  const timer = setTimeout(callback, millis).unref();
  return () => clearTimeout(timer);
};

/** Begins and ends grants when they fall due, those first that did while nothing ran. */
export function tendGrants(
  { context, authorizer }: Services,
  limits: AssignmentLimits,
  log: (entry: LogEntry) => void,
): Promise<TendedSchedules> {
  return tendSchedules({
    context: { ...context, register: authorizer, limits },
    timer: systemTimer,
    report: (error) => log({ level: 'error', event: 'schedules not tended', fields: { cause: String(error) } }),
  });
}
