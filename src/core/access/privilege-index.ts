import type { AccessPrivilege } from './access-profile.ts';
import type { CanonicalRequest } from './canonical-request.ts';
import { resourceParameter } from './canonical-request.ts';

/** A request with every value by which its parameters can be named: one reading of it. */
export interface RequestReading {
  readonly path: string;
  /** By parameter name, folded. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** A request whose resource has these names. */
export function readRequest(request: CanonicalRequest, resource: readonly string[] | undefined): RequestReading {
  const values = new Map<string, readonly string[]>();
  for (const [name, value] of request.query) values.set(name, [value]);
  if (resource !== undefined) values.set(resourceParameter, resource);
  const { identity } = request;
  if (identity === undefined) return { path: request.path, values };
  const [principal, resourceId] = [[identity.principalId.toLowerCase()], [identity.resourceId.toLowerCase()]];
  values.set('client_id', [identity.clientId.toLowerCase()]);
  values.set('object_id', principal).set('principal_id', principal);
  values.set('msi_res_id', resourceId).set('mi_res_id', resourceId);
  return { path: request.path, values };
}

/** Whether a request is one that a privilege means. */
export function isMatch({ path, parameters }: AccessPrivilege, request: RequestReading): boolean {
  if (!request.path.startsWith(path)) return false;
  for (const { name, value } of parameters) {
    if (request.values.get(name)?.includes(value) !== true) return false;
  }
  return true;
}

/** The privileges of a profile, found by a request's path and parameters without looking at the others. */
export class PrivilegeIndex {
  /** The lengths that the paths of privileges have: few, however many privileges there are. */
  readonly #lengths: readonly number[];
  readonly #byKey = new Map<string, AccessPrivilege[]>();

  constructor(privileges: readonly AccessPrivilege[]) {
    const lengths = new Set<number>();
    for (const privilege of privileges) {
      lengths.add(privilege.path.length);
      const key = keyOf(privilege.path, rarest(privilege));
      const same = this.#byKey.get(key);
      if (same === undefined) this.#byKey.set(key, [privilege]);
      else same.push(privilege);
    }
    this.#lengths = [...lengths];
  }

  /** Those that a request matches; of each key at most so many as the caller goes through. */
  *matching(request: RequestReading): Generator<AccessPrivilege> {
    for (const length of this.#lengths) {
      if (length > request.path.length) continue;
      const path = request.path.slice(0, length);
      yield* this.#matchingUnder(keyOf(path, undefined), request);
      for (const [name, values] of request.values) {
        for (const value of values) yield* this.#matchingUnder(keyOf(path, { name, value }), request);
      }
    }
  }

  /** Of those that a request matches the one that says most about it; not all are looked at where there are many. */
  closest(request: RequestReading): AccessPrivilege | undefined {
    let best: AccessPrivilege | undefined;
    let seen = 0;
    for (const privilege of this.matching(request)) {
      if (best === undefined || saysMore(privilege, best)) best = privilege;
      seen += 1;
      if (seen === mostCompared) break;
    }
    return best;
  }

  *#matchingUnder(key: string, request: RequestReading): Generator<AccessPrivilege> {
    for (const privilege of this.#byKey.get(key) ?? []) if (isMatch(privilege, request)) yield privilege;
  }
}

const mostCompared = 16;

function saysMore(one: AccessPrivilege, other: AccessPrivilege): boolean {
  const more = one.parameters.length - other.parameters.length;
  return more === 0 ? one.path.length > other.path.length : more > 0;
}

/** The parameter by which a privilege is found: best one that tells requests apart. */
function rarest({ parameters }: AccessPrivilege): AccessPrivilege['parameters'][number] | undefined {
  return (
    parameters.find(({ name }) => name.endsWith('_id')) ??
    parameters.find(({ name }) => name === resourceParameter) ??
    parameters[0]
  );
}

function keyOf(path: string, parameter: AccessPrivilege['parameters'][number] | undefined): string {
  return parameter === undefined ? path : `${path}?${parameter.name}=${parameter.value}`;
}
