import { conceal } from '../../../../core/conceal.ts';
import { armErrors } from '../../../../core/errors/arm.ts';
import type { Json, JsonObject } from '../../../../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { evaluateOutputs } from '../../../../core/template/outputs.ts';
import type { ProviderContext } from '../../../provider-contract.ts';
import type { ActiveRun } from './active-runs.ts';
import { deleteOthers } from './complete-mode.ts';
import type { DeploymentRecord } from './deployment-record.ts';
import { ResourceLoader } from './resource-loader.ts';
import { ResourceTasks } from './resource-tasks.ts';
import type { DeploymentParts } from './surroundings.ts';

/** What a deployment came to. */
export interface DeploymentOutcome {
  readonly outputs: JsonObject;
  readonly resources: readonly Json[];
}

/**
 * Makes the resources of a deployment, each as soon as what it needs is there; what does not need one that fails is made all the
 * same. Then, in Complete mode, deletes what else is in the group, and at last evaluates the outputs. Refuses `DeploymentFailed`
 * and `DeploymentCanceled`.
 */
export async function runDeployment(
  context: ProviderContext,
  parts: DeploymentParts,
  run: ActiveRun,
  record: DeploymentRecord,
): Promise<DeploymentOutcome | Refusal> {
  const { prepared } = run;
  const { plan, request } = prepared;
  const inner = parts.inner();
  const loader = new ResourceLoader(prepared, inner);
  const tasks = new ResourceTasks(run, { inner, record, loader });
  const failed = await tasks.all();
  const deleted =
    failed.length > 0 || run.canceled || request.mode !== 'Complete'
      ? []
      : await deleteOthers(context, prepared, { inner, record });
  const failures = [...failed, ...deleted];
  if (run.canceled) return canceled(request.id);
  if (failures.length > 0) return deploymentFailed(request.id, failures);
  const outputs = await outputsOf(run, loader, record);
  if (isRefusal(outputs)) return deploymentFailed(request.id, [outputs]);
  return {
    outputs: conceal(outputs.outputs, prepared.behalf.secrets ?? new Set()) as JsonObject,
    resources: plan.resources.filter(({ deployed }) => deployed).map(({ id }) => ({ id })),
  };
}

async function outputsOf({ prepared }: ActiveRun, loader: ResourceLoader, record: DeploymentRecord) {
  const { template } = prepared;
  if (Object.keys(template.outputs).length === 0) return { outputs: {} };
  const operation = await record.begin('EvaluateDeploymentOutput');
  const outputs = await loader.evaluate(() => {
    const evaluated = evaluateOutputs(template, loader.environment());
    return 'outputs' in evaluated ? { value: evaluated.outputs } : evaluated;
  });
  const outcome = isRefusal(outputs) ? asOutput(outputs) : { status: 200 };
  await record.end(operation, outcome);
  if (isRefusal(outcome)) return outcome;
  return isRefusal(outputs) ? outputs : { outputs: outputs.value as JsonObject };
}

function asOutput(refusal: Refusal): Refusal {
  return refusal.refused in armErrors && refusal.refused !== 'DeploymentOutputEvaluationFailed'
    ? refuse('DeploymentOutputEvaluationFailed', `Unable to evaluate template outputs: ${refusal.message}`)
    : refusal;
}

/** @see Azure, "DeploymentFailed" */
export function deploymentFailed(deploymentId: string, failures: readonly Refusal[]): Refusal {
  return refuse(
    'DeploymentFailed',
    'At least one resource deployment operation failed. Please list deployment operations for details. Please see https://aka.ms/arm-deployment-operations for usage details.',
    {
      target: deploymentId,
      details: failures.map(({ refused, message, target, details }) => ({
        code: refused,
        message,
        ...(target === undefined ? {} : { target }),
        ...(details === undefined ? {} : { details }),
      })),
    },
  );
}

function canceled(deploymentId: string): Refusal {
  return refuse('DeploymentCanceled', `The deployment '${deploymentId}' was canceled.`, { target: deploymentId });
}
