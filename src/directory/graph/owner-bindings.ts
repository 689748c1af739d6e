import { isRefusal, type Refusal } from '../../core/refusal.ts';
import { type Ask, type GraphPorts, refuseMissing } from './ask.ts';
import { readBindings } from './bindings.ts';

/** The owners of what a request makes: those that it binds, and an application or service principal that makes it. */
export function readOwners(ask: Ask, ports: GraphPorts): readonly string[] | Refusal {
  const bound = readBoundOwners(ask, ports);
  return isRefusal(bound) ? bound : [...new Set([ask.caller.objectId, ...bound])];
}

/** The owners that a request binds. Refuses who is not there. */
export function readBoundOwners({ body }: Ask, { directory }: GraphPorts): readonly string[] | Refusal {
  const bound = readBindings(body, 'owners');
  if (isRefusal(bound)) return bound;
  const missing = bound.find((id) => directory.servicePrincipal(id) === undefined);
  return missing === undefined ? bound : refuseMissing(missing);
}
