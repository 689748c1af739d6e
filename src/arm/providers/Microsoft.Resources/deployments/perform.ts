import type { Json, JsonObject } from '../../../../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import type { ProviderContext } from '../../../provider-contract.ts';
import type { ActiveRuns } from './active-runs.ts';
import { deploymentKey, showError } from './deployment-document.ts';
import { DeploymentRecord } from './deployment-record.ts';
import { failInterrupted } from './interrupted.ts';
import { runDeployment } from './run-deployment.ts';
import type { DeploymentParts } from './surroundings.ts';

/** The work of a deployment: makes its resources and writes what came of it. One that an earlier process began ends as failed. */
export async function performDeployment(
  context: ProviderContext,
  parts: DeploymentParts,
  runs: ActiveRuns,
  input: JsonObject,
): Promise<Refusal | Json | undefined> {
  const deploymentId = String(input['deploymentId']);
  const key = deploymentKey(deploymentId);
  const run = runs.get(key);
  if (run === undefined || run.runId !== input['runId']) return failInterrupted(context, deploymentId);
  const record = new DeploymentRecord(context, deploymentId);
  try {
    await record.enter('Running');
    const outcome = await runDeployment(context, parts, run, record);
    if (isRefusal(outcome)) {
      await record.enter(outcome.refused === 'DeploymentCanceled' ? 'Canceled' : 'Failed', {
        error: showError(outcome),
      });
      return outcome;
    }
    await record.enter('Succeeded', { outputs: outcome.outputs, outputResources: outcome.resources });
    return undefined;
  } catch (error) {
    await record.enter('Failed', { error: showError(bug(deploymentId)) });
    throw error;
  } finally {
    runs.delete(key);
  }
}

function bug(deploymentId: string): Refusal {
  return refuse('InternalServerError', `The deployment '${deploymentId}' failed.`);
}
