import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import type { Answer, Call, ProviderContext } from '../../../provider-contract.ts';
import type { ActiveRuns } from './active-runs.ts';
import { deploymentKey, stateOf } from './deployment-document.ts';
import { findDeployment } from './read-deployment.ts';

/**
 * Ends a deployment that goes on, with those nested in it: what is being made is made, nothing further is begun. Refuses
 * `DeploymentNotFound` and `Conflict`.
 */
export async function cancelDeployment(
  context: ProviderContext,
  runs: ActiveRuns,
  call: Call,
): Promise<Answer | Refusal> {
  const found = await findDeployment(context, runs, call);
  if (isRefusal(found)) return found;
  if (!cancel(runs, found.key)) {
    const name = String(found.body['name']);
    return refuse('Conflict', `The deployment '${name}' cannot be canceled: it is '${stateOf(found.body)}'.`);
  }
  return { status: 204 };
}

function cancel(runs: ActiveRuns, deploymentId: string): boolean {
  const run = runs.get(deploymentKey(deploymentId));
  if (run === undefined || run.canceled) return run !== undefined;
  run.canceled = true;
  for (const { key } of run.prepared.plan.resources) cancel(runs, key);
  return true;
}

/** Forgets a deployment: its record goes, what it made stays. Refuses `DeploymentActive`. */
export async function deleteDeployment(
  context: ProviderContext,
  runs: ActiveRuns,
  call: Call,
): Promise<Answer | Refusal> {
  const found = await findDeployment(context, runs, call);
  if (isRefusal(found)) return { status: 204 };
  if (runs.has(found.key)) {
    const name = String(found.body['name']);
    return refuse(
      'DeploymentActive',
      `The deployment '${name}' cannot be deleted while it is active. Cancel it first.`,
    );
  }
  await context.store.transact([{ removeTree: found.key }]);
  return { status: 204 };
}
