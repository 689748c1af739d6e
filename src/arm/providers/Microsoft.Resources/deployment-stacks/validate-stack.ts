import { isJsonObject } from '../../../../core/json.ts';
import { isRefusal, type Refusal } from '../../../../core/refusal.ts';
import { formatActionOnUnmanage } from '../../../../core/stacks/action-on-unmanage.ts';
import { formatDenySettings } from '../../../../core/stacks/deny-settings.ts';
import type { Answer, Call, ProviderContext } from '../../../provider-contract.ts';
import type { DeploymentParts } from '../deployments/surroundings.ts';
import { behalfOf, deploymentIdOf, deploymentVersion } from './deploy-as-stack.ts';
import { findExcluded } from './put-stack.ts';
import { stackType } from './stack-document.ts';
import { parseStackRequest } from './stack-request.ts';

/** What a stack would be, without making it: everything that it is refused for before it begins is refused here. */
export async function validateStack(
  { directory, random }: ProviderContext,
  parts: DeploymentParts,
  call: Call,
): Promise<Answer | Refusal> {
  const request = parseStackRequest(call);
  if (isRefusal(request)) return request;
  const excluded = findExcluded(directory, request);
  if (isRefusal(excluded)) return excluded;
  const { id, name, description, deploymentScope, deployment } = request;
  const answer = await parts.inner().ask(behalfOf(call), {
    method: 'POST',
    path: `${deploymentIdOf(request, call.now, random)}/validate`,
    apiVersion: deploymentVersion,
    body: deployment,
  });
  if (isRefusal(answer)) return answer;
  const told = isJsonObject(answer.body) ? answer.body['properties'] : undefined;
  const { parameters = {}, validatedResources = [] } = isJsonObject(told) ? told : {};
  return {
    status: 200,
    body: {
      id,
      name,
      type: stackType,
      properties: {
        actionOnUnmanage: formatActionOnUnmanage(request.actionOnUnmanage),
        denySettings: formatDenySettings(request.denySettings),
        deploymentScope: deploymentScope.id,
        ...(description === undefined ? {} : { description }),
        correlationId: call.correlationId,
        parameters,
        validatedResources,
      },
    },
  };
}
