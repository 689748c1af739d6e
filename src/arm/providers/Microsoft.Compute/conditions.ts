import type { Document } from '../../../core/ports/store.ts';
import type { Refusal } from '../../../core/refusal.ts';
import type { Call } from '../../provider-contract.ts';
import { conditionFailed } from './machine-refusals.ts';

/** If-Match and If-None-Match against the stored version (RFC 9110 section 13.1). */
export function judgeConditions({ resourceId, ifMatch, ifNoneMatch }: Call, before?: Document): Refusal | undefined {
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
