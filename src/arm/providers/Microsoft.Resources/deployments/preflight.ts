import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import type { PlannedResource } from '../../../../core/template/planned-resource.ts';
import type { InnerDoor } from '../../../provider-contract.ts';
import type { PreparedDeployment } from './prepare.ts';

/**
 * Whether each resource of a deployment would be let in: its type and api-version are known, and the deployer may write it. Before
 * anything is made. Refuses `InvalidTemplateDeployment`, naming every one that would not.
 * @see Azure: "Deployment failed with multiple errors: 'Authorization failed for template resource …"
 */
export async function preflight(
  { plan, behalf, request }: PreparedDeployment,
  inner: InnerDoor,
): Promise<Refusal | undefined> {
  const refused: { readonly resource: PlannedResource; readonly refusal: Refusal }[] = [];
  for (const resource of plan.resources.filter(({ deployed }) => deployed)) {
    const { id, apiVersion } = resource;
    const refusal = await inner.judge(behalf, { method: 'PUT', path: id, apiVersion, body: {} });
    // What lies in a subscription or group that the template is yet to make is judged when it is there.
    if (isRefusal(refusal)) refused.push({ resource, refusal });
  }
  const [first] = refused;
  if (first === undefined) return undefined;
  if (refused.every(({ refusal }) => refusal.refused !== 'AuthorizationFailed') && refused.length === 1) {
    return first.refusal;
  }
  const errors = refused.map(({ resource, refusal }) => tell(resource, refusal));
  return refuse('InvalidTemplateDeployment', `Deployment failed with multiple errors: '${errors.join(';')}'`, {
    target: request.id,
    details: refused.map(({ resource, refusal }) => ({
      code: refusal.refused,
      message: refusal.message,
      target: resource.id,
    })),
  });
}

function tell({ name, type }: PlannedResource, { refused, message }: Refusal): string {
  const what = refused === 'AuthorizationFailed' ? 'Authorization failed for' : 'Invalid';
  return `${what} template resource '${name}' of type '${type}'. ${message}:`;
}
