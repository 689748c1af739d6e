import type { JsonObject } from '../../core/json.ts';
import type { MachineView } from '../../core/ports/machines.ts';
import { parseResourceId } from '../../core/resource-id.ts';
import type { EpochMillis } from '../../core/time.ts';
import type { ApiVersion } from '../api-versions.ts';
import { ResourceReader } from '../resource-reader.ts';

/** For how long a document holds, as in Azure's samples. */
export const documentLifetimeMillis = 6 * 3_600_000;

/**
 * What the service vouches for: the machine, its image, and when it said so. `licenseType` is there only where a machine has one.
 * @see https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service "Attested data"
 */
export function describeMachine(
  view: MachineView,
  request: { readonly version: ApiVersion; readonly nonce: string | undefined; readonly now: EpochMillis },
): JsonObject {
  const { version, now } = request;
  const resource = new ResourceReader(view.resource);
  const licenseType = resource.text('properties', 'licenseType');
  const { subscriptionId = '' } = parseResourceId(view.resourceId) ?? {};
  return {
    ...(version >= '2020-09-01' && licenseType !== '' ? { licenseType } : {}),
    nonce: request.nonce ?? formatDefaultNonce(now),
    plan: {
      name: resource.text('plan', 'name'),
      product: resource.text('plan', 'product'),
      publisher: resource.text('plan', 'publisher'),
    },
    ...(version >= '2019-11-01' ? { sku: resource.text('properties', 'storageProfile', 'imageReference', 'sku') } : {}),
    ...(version >= '2019-04-30' ? { subscriptionId } : {}),
    timeStamp: { createdOn: formatTime(now), expiresOn: formatTime(now + documentLifetimeMillis) },
    vmId: view.vmId,
  };
}

/** `20201130-211924` */
function formatDefaultNonce(millis: number): string {
  const [date, time] = new Date(millis).toISOString().split(/[T.]/);
  return `${date?.replaceAll('-', '')}-${time?.replaceAll(':', '')}`;
}

/** `11/30/20 21:19:24 -0000`, in UTC. */
function formatTime(millis: number): string {
  const [date = '', time] = new Date(millis).toISOString().split(/[T.]/);
  const [year, month, day] = date.split('-');
  return `${month}/${day}/${year?.slice(2)} ${time} -0000`;
}
