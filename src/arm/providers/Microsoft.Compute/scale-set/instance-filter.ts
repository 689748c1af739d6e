import type { JsonObject } from '../../../../core/json.ts';
import { type Refusal, refuse } from '../../../../core/refusal.ts';
import { propertiesOf, stateOf } from '../machine-document.ts';
import type { PowerRecord } from '../power-record.ts';

type Matches = (instance: JsonObject, record: PowerRecord) => boolean;

const byStatus = /^startswith\(\s*instanceView\/statuses\/code\s*,\s*'([^']*)'\s*\)(?:\s+eq\s+(true|false))?$/i;
const byModel = /^properties\/latestModelApplied\s+eq\s+(true|false)$/i;

/**
 * The filters that Azure documents for instances; undefined without one. Refuses `InvalidFilterInQueryString`.
 * @see Microsoft.Compute 2024-11-01, VirtualMachineScaleSetVMs_List, `$filter`
 */
export function parseInstanceFilter(filter: string | undefined): Matches | undefined | Refusal {
  const text = (filter ?? '').trim();
  if (text === '') return undefined;
  const [, prefix, wanted = 'true'] = byStatus.exec(text) ?? [];
  if (prefix !== undefined) {
    return (instance, record) =>
      hasStatus(instance, record, prefix.toLowerCase()) === (wanted.toLowerCase() === 'true');
  }
  const latest = byModel.exec(text)?.[1];
  if (latest !== undefined) {
    return (instance) => propertiesOf(instance)['latestModelApplied'] === (latest.toLowerCase() === 'true');
  }
  return refuse(
    'InvalidFilterInQueryString',
    `Invalid $filter '${text}' specified in the query string. Use startswith(instanceView/statuses/code, 'PowerState') eq true, or properties/latestModelApplied eq true.`,
  );
}

function hasStatus(instance: JsonObject, { power }: PowerRecord, prefix: string): boolean {
  const codes = [`provisioningstate/${stateOf(instance).toLowerCase()}`, `powerstate/${power}`];
  return codes.some((code) => code.startsWith(prefix));
}
