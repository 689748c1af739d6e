import type { OpenAuthorizer } from '../../arm/authorize/open-authorizer.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Directory } from '../../core/ports/directory.ts';
import type { AccessFacts } from '../../core/rbac/access-facts.ts';
import { loadConditionLanguage } from '../../core/rbac/condition/language.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { canonicalId, formatGroupId, formatSubscriptionId, parseResourceId } from '../../core/resource-id.ts';
import { findMachine, type OperatorMachinePorts } from './machines.ts';
import type { OperatorWhy } from './wire.ts';

/** What explaining access needs. */
export interface WhyPorts extends OperatorMachinePorts {
  readonly authorizer: OpenAuthorizer;
  readonly directory: Directory;
  readonly subscriptionId: string;
  readonly clock: Clock;
}

/**
 * Explains what Resource Manager would decide now: for whom (`principal`, or the `machine`'s own; of both, the principal's token that
 * the machine got; and the machine's `user` where one acts), `action`, and where.
 */
export async function explainAccess(ports: WhyPorts, query: URLSearchParams): Promise<OperatorWhy | Refusal> {
  const asker = await findAsker(ports, query);
  if (isRefusal(asker)) return asker;
  const { principalId, facts } = asker;
  const action = query.get('action') ?? '';
  if (!/^[^/\s]+(\/[^/\s]+)+$/.test(action)) {
    const example = 'Microsoft.Compute/virtualMachines/read';
    return refuse('InvalidParameter', `'${action}' is not an action: it must be like ${example}.`);
  }
  const scope = findScope(ports.subscriptionId, query);
  if (isRefusal(scope)) return scope;
  const displayName = ports.directory.servicePrincipal(principalId)?.displayName;
  await loadConditionLanguage();
  const explanation = ports.authorizer.explain({ principalId, action, scope, facts });
  return { principalId, ...(displayName === undefined ? {} : { displayName }), action, scope, ...explanation };
}

interface Asker {
  readonly principalId: string;
  readonly facts: AccessFacts;
}

/** Who is meant. A principal that the directory does not have may be meant: its assignments outlive it. */
async function findAsker(ports: WhyPorts, query: URLSearchParams): Promise<Asker | Refusal> {
  const [principal, machine, userName] = ['principal', 'machine', 'user'].map((name) => query.get(name) ?? undefined);
  if (principal === undefined && machine === undefined) {
    return refuse('InvalidParameter', 'Name a principal (--principal) or a machine (--machine), or both.');
  }
  const found = machine === undefined ? undefined : await findMachine(ports, machine);
  if (found !== undefined && isRefusal(found)) return found;
  const facts = {
    now: ports.clock.now(),
    ...(userName === undefined ? {} : { actor: { userName } }),
    ...(found === undefined ? {} : { machineResourceId: found.resourceId }),
  };
  const named = principal && (ports.directory.servicePrincipalByAppId(principal)?.objectId ?? principal);
  const principalId = named ?? found?.principalId;
  if (principalId !== undefined) return { principalId, facts };
  const message = `The machine '${found?.name}' has no system-assigned identity: name the principal of one of its others.`;
  return refuse('InvalidParameter', message);
}

function findScope(subscriptionId: string, query: URLSearchParams): string | Refusal {
  const scope = query.get('scope');
  const group = query.get('resourceGroup');
  if (scope !== null && group !== null) {
    return refuse('InvalidParameter', 'Name either a scope (--scope) or a resource group (--resource-group).');
  }
  if (group !== null) return formatGroupId(subscriptionId, group);
  if (scope === null) return formatSubscriptionId(subscriptionId);
  const isScope = parseResourceId(scope) !== undefined;
  return isScope ? canonicalId(scope) : refuse('InvalidParameter', `'${scope}' is not a resource id.`);
}
