import {
  isFederatedFault,
  judgeBeside,
  parseFederatedCredential,
} from '../../../core/identity/federated-credential.ts';
import { refuseFaultAtArm } from '../../../core/identity/federated-fault.ts';
import { isJsonObject } from '../../../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { nameOf } from '../../../core/resource-id.ts';
import type { Answer, Call, ProviderContext } from '../../provider-contract.ts';
import { commitAlone, findCredential, findOwner, showCredential } from './federated-credentials.ts';

/**
 * Makes a federated credential (201) or replaces one, which keeps its name's spelling (200). Refuses what its rules forbid
 * (`core/identity/federated-credential.ts`), a repeated issuer and subject, a twenty-first, and a concurrent write.
 */
export async function putCredential(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const owner = await findOwner(context, call);
  if (isRefusal(owner)) return owner;
  const before = findCredential(owner, call);
  const properties = isJsonObject(call.body) ? call.body['properties'] : undefined;
  if (isJsonObject(properties) && isJsonObject(properties['claimsMatchingExpression'])) return refuseExpression();
  const request = parseFederatedCredential(before?.name ?? nameOf(call.resourceId), properties);
  if (isFederatedFault(request)) return refuseFaultAtArm(request);
  const fault = judgeBeside(request, owner.existing);
  if (fault !== undefined) return refuseFaultAtArm(fault);
  const credential = { ...request, id: before?.id ?? context.random.uuid() };
  const writes = context.directory.planFederatedCredential(owner.principalId, credential);
  const refusal = await commitAlone(context, owner, writes);
  return refusal ?? { status: before === undefined ? 201 : 200, body: showCredential(owner, credential) };
}

function refuseExpression(): Refusal {
  return refuse(
    'BadRequest',
    "A 'claimsMatchingExpression' (a preview of Azure) is not supported here. Name the 'subject' exactly.",
    { target: 'properties.claimsMatchingExpression' },
  );
}
