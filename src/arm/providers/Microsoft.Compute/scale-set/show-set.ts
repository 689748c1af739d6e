import type { JsonObject } from '../../../../core/json.ts';
import type { Document } from '../../../../core/ports/store.ts';
import { instanceViewOf } from '../instance-view.ts';
import { propertiesOf } from '../machine-document.ts';
import { partOf } from '../machine-properties.ts';
import type { PowerRecord } from '../power-record.ts';
import { type Expansion, unexpanded } from '../show-machine.ts';
import { countersOf } from './set-document.ts';

/** A stored set as it is answered; the user data of its machines only when asked for. */
export function showSet(body: JsonObject, etag: string, expansion: Expansion = unexpanded): JsonObject {
  const { nextInstance: _, model: __, ...properties } = propertiesOf(body);
  const { userData, ...profile } = partOf(properties, 'virtualMachineProfile');
  const hidden = expansion.userData && userData !== undefined ? { userData } : {};
  return {
    ...body,
    etag: `"${etag}"`,
    properties: { ...properties, virtualMachineProfile: { ...profile, ...hidden } },
  };
}

/** A stored instance as it is answered: with its set's region, and whether it is as the set's model is now. */
export function showInstance(
  set: JsonObject,
  { body, etag }: Document,
  expansion: Expansion = unexpanded,
  record?: PowerRecord,
): JsonObject {
  const { userData, model, ...properties } = propertiesOf(body);
  return {
    ...body,
    location: set['location'] ?? null,
    etag: `"${etag}"`,
    properties: {
      ...properties,
      latestModelApplied: model === countersOf(set).model,
      ...(expansion.userData && userData !== undefined ? { userData } : {}),
      ...(expansion.instanceView && record !== undefined ? { instanceView: instanceViewOf(body, record) } : {}),
    },
  };
}
