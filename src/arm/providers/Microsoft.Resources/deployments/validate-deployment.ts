import { isRefusal, type Refusal } from '../../../../core/refusal.ts';
import { formatArmTime } from '../../../../core/time.ts';
import type { Answer, Call, ProviderContext } from '../../../provider-contract.ts';
import { deploymentType } from './deployment-document.ts';
import { describe } from './new-deployment.ts';
import { preflight } from './preflight.ts';
import { prepare } from './prepare.ts';
import type { DeploymentParts } from './surroundings.ts';

/** What a deployment would be, without making it: everything that a deployment is refused for before it begins is refused here. */
export async function validateDeployment(
  context: ProviderContext,
  parts: DeploymentParts,
  call: Call,
): Promise<Answer | Refusal> {
  const prepared = await prepare(context, parts, call);
  if (isRefusal(prepared)) return prepared;
  const refused = await preflight(prepared, parts.inner());
  if (refused !== undefined) return refused;
  const { request, plan, behalf } = prepared;
  const deployed = plan.resources.filter((resource) => resource.deployed);
  return {
    status: 200,
    body: {
      id: request.id,
      name: request.name,
      type: deploymentType,
      properties: {
        ...describe(prepared),
        provisioningState: 'Succeeded',
        timestamp: formatArmTime(call.now),
        duration: 'PT0S',
        correlationId: behalf.correlationId,
        validatedResources: deployed.map(({ id }) => ({ id })),
      },
    },
  };
}
