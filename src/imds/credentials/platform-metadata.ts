import { isRefusal, type Refusal } from '../../core/refusal.ts';
import { type Answer, json } from '../answer.ts';
import type { EndpointCall } from '../endpoint.ts';
import { ResourceReader } from '../resource-reader.ts';
import { findIdentity } from './credential-query.ts';

/**
 * Answers what a client puts into its certificate request. The attestation endpoint has the form of Azure's; nothing answers there.
 * Refuses what `findIdentity` refuses.
 * @see MSAL .NET, ManagedIdentity/V2/CsrMetadata.cs, which takes no empty field
 */
export function answerPlatformMetadata({ view, query }: EndpointCall, tenantId: string): Answer | Refusal {
  const identity = findIdentity(view, query);
  if (isRefusal(identity)) return identity;
  const region = new ResourceReader(view.resource).text('location') || 'global';
  return json({
    clientId: identity.clientId,
    tenantId,
    cuId: { vmId: view.vmId },
    attestationEndpoint: `https://shared.${region}.attest.azure.net`,
  });
}
