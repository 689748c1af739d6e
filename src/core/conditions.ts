import type { Document } from './ports/store.ts';
import { type Refusal, refuse } from './refusal.ts';

/** A request's conditions on the version of what it acts on: opaque tags, `*` for any. */
export interface Conditions {
  readonly resourceId: string;
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
}

/** If-Match and If-None-Match against the stored version (RFC 9110 section 13.1). Refuses `PreconditionFailed`. */
export function judgeConditions(
  { resourceId, ifMatch, ifNoneMatch }: Conditions,
  before?: Document,
): Refusal | undefined {
  if (ifMatch !== undefined && (before === undefined || (ifMatch !== '*' && ifMatch !== before.etag))) {
    const has = before === undefined ? 'it does not exist' : `its ETag is '${before.etag}'`;
    return conditionFailed(resourceId, `If-Match is '${ifMatch}' and ${has}`);
  }
  if (ifNoneMatch !== undefined && before !== undefined && (ifNoneMatch === '*' || ifNoneMatch === before.etag)) {
    return conditionFailed(
      resourceId,
      `If-None-Match is '${ifNoneMatch}' and it exists with the ETag '${before.etag}'`,
    );
  }
  return undefined;
}

function conditionFailed(resourceId: string, why: string): Refusal {
  return refuse(
    'PreconditionFailed',
    `The condition specified by the ETag is not satisfied for '${resourceId}': ${why}.`,
  );
}
