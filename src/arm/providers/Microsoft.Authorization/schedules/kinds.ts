import type { ScheduleKind } from '../../../../core/schedules/schedule.ts';

/** The names of the resource types of one kind of schedules. */
export interface KindTypes {
  readonly requests: string;
  readonly schedules: string;
  readonly instances: string;
}

/** Azure's names. */
export const typesOf: Readonly<Record<ScheduleKind, KindTypes>> = {
  Assignment: {
    requests: 'roleAssignmentScheduleRequests',
    schedules: 'roleAssignmentSchedules',
    instances: 'roleAssignmentScheduleInstances',
  },
  Eligibility: {
    requests: 'roleEligibilityScheduleRequests',
    schedules: 'roleEligibilitySchedules',
    instances: 'roleEligibilityScheduleInstances',
  },
};

/** The id of a document of a type of Microsoft.Authorization at a scope. */
export function authorizationId(scope: string, type: string, name: string): string {
  return `${scope === '/' ? '' : scope}/providers/Microsoft.Authorization/${type}/${name}`;
}
