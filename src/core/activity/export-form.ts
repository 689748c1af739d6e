import { isJsonObject, type Json } from '../json.ts';
import type { ExportForm } from '../log-export/export-form.ts';
import { type Attributes, formatLogRecord } from '../log-export/otlp.ts';
import type { RecordedActivity } from '../ports/activity-log.ts';

/** How activity-log events are told to others: on a line as they go on the wire; in OpenTelemetry each is an event `postern.activity`. */
export const activityForm: ExportForm<RecordedActivity> = {
  event: 'activity',
  scope: 'postern.activity-log',
  formatLine: ({ number, event: { time, body } }) =>
    JSON.stringify({ time: new Date(time).toISOString(), event: 'activity', number, ...body }),
  formatLogRecord: (entry) => {
    const { time, status, body } = entry.event;
    return formatLogRecord({
      time,
      eventName: 'postern.activity',
      isGood: status !== 'Failed',
      text: `${status}: ${textAt(body['operationName'], 'value')} of ${entry.event.resourceId}`,
      attributes: attributesOf(entry),
    });
  },
};

function attributesOf({ number, event }: RecordedActivity): Attributes {
  const { body } = event;
  const actor = body['posternActor'];
  const uid = at(actor, 'uid');
  return {
    'postern.activity.id': event.eventDataId,
    'postern.activity.number': number,
    'azure.operation.name': textAt(body['operationName'], 'value'),
    'azure.operation.status': event.status,
    'azure.operation.sub_status': textAt(body['subStatus'], 'value'),
    'azure.resource.id': event.resourceId,
    'azure.resource_group': event.resourceGroupName,
    'azure.resource_provider': event.resourceProviderName,
    'azure.subscription_id': event.subscriptionId,
    'azure.correlation_id': event.correlationId,
    'azure.principal_id': event.caller,
    'azure.token.uti': textAt(body['claims'], 'uti'),
    'azure.vm.id': textAt(actor, 'machineId'),
    'user.id': typeof uid === 'number' ? String(uid) : undefined,
    'user.name': textAt(actor, 'userName'),
    'client.address': textAt(body['httpRequest'], 'clientIpAddress'),
  };
}

function at(value: Json | undefined, name: string): Json | undefined {
  return isJsonObject(value) ? value[name] : undefined;
}

function textAt(value: Json | undefined, name: string): string | undefined {
  const text = at(value, name);
  return typeof text === 'string' && text !== '' ? text : undefined;
}
