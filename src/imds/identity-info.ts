import type { MachineView } from '../core/ports/machines.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { type Answer, json } from './answer.ts';
import { firstIdentityVersion, parseApiVersion } from './api-versions.ts';

/**
 * Answers the tenant of the machine's identities. Refuses `imdsApiVersion`, and `imdsIdentityNotFound` where it has none.
 * @see Azure REST API specifications, imds 2023-07-01, Identities_getInfo
 */
export function answerIdentityInfo(
  view: MachineView,
  tenantId: string,
  query: ReadonlyMap<string, string>,
): Answer | Refusal {
  const version = parseApiVersion(query.get('api-version'), firstIdentityVersion);
  if (isRefusal(version)) return version;
  if (view.identities.length === 0) return refuse('imdsIdentityNotFound', 'Identity not found');
  return json({ tenantId });
}
