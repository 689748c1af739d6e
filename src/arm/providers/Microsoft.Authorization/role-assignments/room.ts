import { type Refusal, refuse } from '../../../../core/refusal.ts';
import { foldId } from '../../../../core/resource-id.ts';
import type { AuthorizationContext } from '../authorization-context.ts';

/**
 * Whether one more role assignment has room at a scope's subscription or management group. Asked right before the write, so
 * that nothing in this process can come between. Refuses `RoleAssignmentLimitExceeded`.
 */
export function checkRoom(
  { register, limits }: Pick<AuthorizationContext, 'register' | 'limits'>,
  scope: string,
): Refusal | undefined {
  const folded = foldId(scope);
  if (folded === '') return undefined;
  const isInSubscription = folded.startsWith('/subscriptions/');
  const limit = isInSubscription ? limits.perSubscription : limits.perManagementGroup;
  if (register.assignmentsCountedAt(scope) < limit) return undefined;
  const where = isInSubscription ? 'subscription' : 'management group';
  const message = `The number of role assignments in this ${where} exceeds limit of '${limit}'.`;
  return refuse('RoleAssignmentLimitExceeded', message);
}
