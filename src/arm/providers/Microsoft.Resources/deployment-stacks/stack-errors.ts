import { type Refusal, type RefusalDetail, refuse } from '../../../../core/refusal.ts';
import type { Deletions } from './unmanage.ts';

/** Code and text are not confirmed: no document that shows them was found. */
export function deploymentFailed(correlationId: string, refusal: Refusal): Refusal {
  return refuse(
    'DeploymentStackDeploymentFailed',
    `One or more resources could not be deployed. Correlation id: '${correlationId}'.`,
    { details: [detailOf(refusal)] },
  );
}

/** Not confirmed either. */
export function deletionFailed(correlationId: string, failed: Deletions['failed']): Refusal {
  return refuse(
    'DeploymentStackDeleteResourcesFailed',
    `One or more resources could not be deleted. Correlation id: '${correlationId}'.`,
    { details: failed.map(({ id, refusal }) => ({ ...detailOf(refusal), target: id })) },
  );
}

/** Neither its template nor its caller are known any more: secure parameters and tokens are not stored. */
export function interrupted(stackId: string): Refusal {
  return refuse(
    'DeploymentStackDeploymentFailed',
    `The work on the deployment stack '${stackId}' was under way when Postern ended, and was not taken up again. Send the request once more.`,
  );
}

function detailOf({ refused, message, target, details }: Refusal): RefusalDetail {
  return {
    code: refused,
    message,
    ...(target === undefined ? {} : { target }),
    ...(details === undefined ? {} : { details }),
  };
}
