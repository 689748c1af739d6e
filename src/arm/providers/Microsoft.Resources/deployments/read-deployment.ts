import { type Expression, parseExpression } from '../../../../core/filter/expression.ts';
import type { JsonObject } from '../../../../core/json.ts';
import { pageOf } from '../../../../core/paging.ts';
import { type Document, documentKey } from '../../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { formatGroupId, nameOf } from '../../../../core/resource-id.ts';
import type { Answer, Call, ProviderContext } from '../../../provider-contract.ts';
import type { ActiveRuns } from './active-runs.ts';
import {
  deploymentKey,
  deploymentType,
  operationsRoot,
  propertiesOf,
  showDeployment,
  templateKey,
} from './deployment-document.ts';
import { asItIs } from './interrupted.ts';

/** One deployment. Refuses `DeploymentNotFound`. */
export async function getDeployment(context: ProviderContext, runs: ActiveRuns, call: Call): Promise<Answer | Refusal> {
  const found = await findDeployment(context, runs, call);
  return isRefusal(found) ? found : { status: 200, body: showDeployment(found.body) };
}

/** The deployments made at a scope, the newest first. */
export async function listDeployments(
  context: ProviderContext,
  runs: ActiveRuns,
  call: Call,
): Promise<Answer | Refusal> {
  const filter = parseFilter(call.query.get('$filter'));
  if (isRefusal(filter)) return filter;
  const collection = documentKey(call.resourceId);
  const documents = await context.store.list(collection, { type: deploymentType.toLowerCase() });
  const newest = (await Promise.all(documents.map((document) => asItIs(context, runs, document))))
    .map(({ body }) => showDeployment(body))
    .filter(filter)
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const page = pageOf(newest, keyOf, call);
  return isRefusal(page) ? page : { status: 200, body: page };
}

/** Sorts by time, the latest first; names make it exact. */
function keyOf(body: JsonObject): string {
  const millis = Date.parse(String(propertiesOf(body)['timestamp']));
  return `${String(Number.MAX_SAFE_INTEGER - (Number.isNaN(millis) ? 0 : millis))} ${String(body['name']).toLowerCase()}`;
}

/** `provisioningState eq 'Failed'`, the one filter that Azure has here. Refuses `InvalidFilterInQueryString`. */
function parseFilter(text: string | undefined): ((body: JsonObject) => boolean) | Refusal {
  if (text === undefined || text.trim() === '') return () => true;
  const test = parseExpression(text);
  if (test === undefined || !isStateTest(test)) {
    return refuse(
      'InvalidFilterInQueryString',
      `Invalid $filter '${text}' specified in the query string. Use provisioningState eq '{state}'.`,
    );
  }
  return (body) => String(propertiesOf(body)['provisioningState']).toLowerCase() === test.value.toLowerCase();
}

function isStateTest(test: Expression): test is Expression & { readonly value: string } {
  return 'field' in test && test.test === 'eq' && test.field.toLowerCase() === 'provisioningstate';
}

/** The operations of a deployment. Refuses `DeploymentNotFound`. */
export async function listOperations(
  context: ProviderContext,
  runs: ActiveRuns,
  call: Call,
): Promise<Answer | Refusal> {
  const found = await findDeployment(context, runs, call);
  if (isRefusal(found)) return found;
  const operations = (await context.store.list(operationsRoot(found.key))).map(({ body }) => body);
  const page = pageOf(operations, (body) => String(body['operationId']), call);
  return isRefusal(page) ? page : { status: 200, body: page };
}

/** One operation of a deployment. Refuses `NotFound`. */
export async function getOperation(context: ProviderContext, runs: ActiveRuns, call: Call): Promise<Answer | Refusal> {
  const found = await findDeployment(context, runs, call);
  if (isRefusal(found)) return found;
  const { operationId } = call.params;
  const operation = await context.store.get(documentKey(`${operationsRoot(found.key)}/${operationId}`));
  if (operation !== undefined) return { status: 200, body: operation.body };
  return refuse('NotFound', `The deployment '${nameOf(found.key)}' has no operation '${operationId}'.`);
}

/** The template that a deployment was made with; values of secure parameters that came into it are left out. */
export async function exportTemplate(
  context: ProviderContext,
  runs: ActiveRuns,
  call: Call,
): Promise<Answer | Refusal> {
  const found = await findDeployment(context, runs, call);
  if (isRefusal(found)) return found;
  const kept = await context.store.get(templateKey(found.key));
  return { status: 200, body: { template: kept?.body['template'] ?? {} } };
}

/** The deployment that a call is about, or is below. Refuses `DeploymentNotFound`. */
export async function findDeployment(
  context: ProviderContext,
  runs: ActiveRuns,
  { params }: Call,
): Promise<Document | Refusal> {
  const { scope, subscriptionId, resourceGroupName, deploymentName = '' } = params;
  const above = scope ?? formatGroupId(subscriptionId ?? '', resourceGroupName ?? '');
  const below = `providers/${deploymentType}/${deploymentName}`;
  const found = await context.store.get(deploymentKey(above === '/' ? `/${below}` : `${above}/${below}`));
  if (found !== undefined) return asItIs(context, runs, found);
  return refuse('DeploymentNotFound', `Deployment '${deploymentName}' could not be found.`);
}
