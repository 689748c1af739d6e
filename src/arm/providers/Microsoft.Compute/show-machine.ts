import type { JsonObject } from '../../../core/json.ts';
import type { Document } from '../../../core/ports/store.ts';
import { type Refusal, refuse } from '../../../core/refusal.ts';
import { rememberObjects } from '../../../core/remember.ts';
import { instanceViewOf } from './instance-view.ts';
import { propertiesOf } from './machine-document.ts';
import type { PowerRecord } from './power-record.ts';

/** What `$expand` asks for beside the resource. */
export interface Expansion {
  readonly instanceView: boolean;
  readonly userData: boolean;
}

/** The resource alone. */
export const unexpanded: Expansion = { instanceView: false, userData: false };

/** Reads `$expand`: `instanceView`, `userData`, or both by a comma. Refuses `InvalidParameter`. */
export function parseExpansion(text: string | undefined): Expansion | Refusal {
  const words = (text ?? '')
    .toLowerCase()
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  const unknown = words.find((word) => word !== 'instanceview' && word !== 'userdata');
  if (unknown === undefined) {
    return { instanceView: words.includes('instanceview'), userData: words.includes('userdata') };
  }
  return refuse(
    'InvalidParameter',
    `The value '${unknown}' of $expand is not valid. Use 'instanceView' or 'userData'.`,
    {
      target: '$expand',
    },
  );
}

/** A stored machine as it is answered to a GET without `$expand`: the same object for as long as the machine does not change. */
export const showStored = rememberObjects(({ body, etag }: Document) => showMachine(body, etag));

/** A stored machine as it is answered: with its ETag, and with `userData` and the instance view only when asked for. */
export function showMachine(
  body: JsonObject,
  etag: string,
  expansion: Expansion = unexpanded,
  record?: PowerRecord,
): JsonObject {
  const { userData, ...properties } = propertiesOf(body);
  return {
    ...body,
    etag: `"${etag}"`,
    properties: {
      ...properties,
      ...(expansion.userData && userData !== undefined ? { userData } : {}),
      ...(expansion.instanceView && record !== undefined ? { instanceView: instanceViewOf(body, record) } : {}),
    },
  };
}
