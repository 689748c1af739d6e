import { quote } from '../rbac/condition/format.ts';
import type { Actor } from '../token/actor.ts';

/**
 * The condition under which a grant is one user's on one machine, whoever else holds the same identity; `further` is required as
 * well. Names are quoted, so that no spelling of one says anything else.
 */
export function bindToActor({ userName, machineResourceId }: Actor, further?: string): string {
  const bound = [
    `@Principal[Postern/actor:userName] StringEquals ${quote(userName)}`,
    `@Environment[Postern/machine:resourceId] StringEqualsIgnoreCase ${quote(machineResourceId)}`,
  ].join(' && ');
  return further === undefined ? bound : `(${further}) && ${bound}`;
}
