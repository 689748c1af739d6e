import { conceal } from '../../../../core/conceal.ts';
import { documentKey } from '../../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import type { Answer, Call, LongRunning, ProviderContext } from '../../../provider-contract.ts';
import type { ActiveRuns } from './active-runs.ts';
import { deploymentKey, operationsRoot, showDeployment, templateKey } from './deployment-document.ts';
import { forgetOldest } from './history.ts';
import { newDeployment } from './new-deployment.ts';
import { preflight } from './preflight.ts';
import { type PreparedDeployment, prepare } from './prepare.ts';
import type { DeploymentParts } from './surroundings.ts';

/** Begins a deployment: a long-running operation. Refuses `DeploymentActive`, and what the template or the permissions do not let begin. */
export async function putDeployment(
  context: ProviderContext,
  parts: DeploymentParts,
  runs: ActiveRuns,
  call: Call,
): Promise<Answer | Refusal> {
  const key = deploymentKey(call.resourceId);
  if (runs.has(key)) return stillActive(call);
  const prepared = await prepare(context, parts, call);
  if (isRefusal(prepared)) return prepared;
  const refused = await preflight(prepared, parts.inner());
  if (refused !== undefined) return refused;
  if (runs.has(key)) return stillActive(call);
  const runId = context.random.uuid();
  runs.set(key, { runId, prepared, canceled: false });
  const begun = await begin(context, prepared, call).catch((error: unknown) => {
    runs.delete(key);
    throw error;
  });
  if (isRefusal(begun)) {
    runs.delete(key);
    return begun;
  }
  const input = { deploymentId: prepared.request.id, runId };
  return { ...begun, work: 'deploy', input };
}

/** Writes the deployment over the one of its name, whose operations go. */
async function begin(
  context: ProviderContext,
  prepared: PreparedDeployment,
  call: Call,
): Promise<Pick<LongRunning, 'status' | 'body'> | Refusal> {
  const { id, template } = prepared.request;
  const before = await context.store.get(deploymentKey(id));
  const body = newDeployment(prepared, call.now);
  const kept = conceal(template, prepared.behalf.secrets ?? new Set());
  const forgotten = before === undefined ? await forgetOldest(context.store, id) : [];
  const committed = await context.store.transact([
    ...forgotten,
    { removeTree: operationsRoot(id) },
    { put: deploymentKey(id), body, when: before === undefined ? { absent: true } : { etag: before.etag } },
    { put: templateKey(id), body: { template: kept } },
  ]);
  if ('conflict' in committed) {
    return refuse(
      'Conflict',
      `Another request changed the deployment '${id}' at the same time. Send the request again.`,
    );
  }
  return { status: before === undefined ? 201 : 200, body: showDeployment(body) };
}

/** @see Azure, "DeploymentActive" */
function stillActive({ params, resourceId }: Call): Refusal {
  return refuse(
    'DeploymentActive',
    `Unable to edit or replace deployment '${params['deploymentName']}': the previous deployment '${documentKey(resourceId)}' is still active. Wait for its end or cancel it. Please see https://aka.ms/arm-deploy for usage details.`,
  );
}
