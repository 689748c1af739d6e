import type { Random } from '../../../../core/ports/random.ts';
import type { EpochMillis } from '../../../../core/time.ts';
import type { Behalf, Call } from '../../../provider-contract.ts';
import { deploymentType } from '../deployments/deployment-document.ts';
import type { StackRequest } from './stack-request.ts';

/** The api-version in which a stack speaks to its deployment. */
export const deploymentVersion = '2025-04-01';

/** The api-version with which a stack deletes what it does not manage any more, of whichever type. */
export const anyVersion = '2026-01-01';

/** On whose behalf a stack asks for what it is asked: its caller's, let through by its own deny assignments. */
export function behalfOf({ caller, correlationId, origin, clientAddress, secrets, resourceId }: Call): Behalf {
  return {
    caller,
    correlationId,
    origin,
    stackId: resourceId,
    ...(clientAddress === undefined ? {} : { clientAddress }),
    ...(secrets === undefined ? {} : { secrets }),
  };
}

/** The id of a stack's next deployment: `{stack}-{yyMMddHHmm}{what makes it one of its own}`. */
export function deploymentIdOf({ name, deploymentScope }: StackRequest, now: EpochMillis, random: Random): string {
  const time = new Date(now).toISOString().replaceAll(/\D/g, '').slice(2, 12);
  const own = random.uuid().replaceAll('-', '').slice(-5);
  return `${deploymentScope.id}/providers/${deploymentType}/${name.slice(0, 48)}-${time}${own}`;
}

/** The deployment's own request, as its engine reads it. */
export function deploymentCall(call: Call, { deploymentScope, deployment }: StackRequest, deploymentId: string): Call {
  const deploymentName = deploymentId.slice(deploymentId.lastIndexOf('/') + 1);
  return {
    ...call,
    params: { scope: deploymentScope.id, deploymentName },
    resourceId: deploymentId,
    body: deployment,
    stackId: call.resourceId,
  };
}
