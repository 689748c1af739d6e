import { selectIdentity } from '../../core/identity/select-identity.ts';
import type { AttachedIdentity, MachineView } from '../../core/ports/machines.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { parseSelectors } from '../token-request.ts';

/**
 * The identity that a question about credentials means, chosen as for a token. Refuses `imdsParameterInvalid` for another
 * `cred-api-version` than 2.0, and what the choice refuses.
 * @see MSAL .NET, ManagedIdentity/V2/ImdsV2ManagedIdentitySource.cs
 */
export function findIdentity(view: MachineView, query: ReadonlyMap<string, string>): AttachedIdentity | Refusal {
  if (query.get('cred-api-version') !== '2.0') {
    return refuse('imdsParameterInvalid', "The query variable 'cred-api-version' must be '2.0'");
  }
  const selectors = parseSelectors(query);
  return isRefusal(selectors) ? selectors : selectIdentity(view.identities, selectors);
}
