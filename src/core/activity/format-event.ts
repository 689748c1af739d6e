import type { Json, JsonObject } from '../json.ts';
import type { Refusal } from '../refusal.ts';
import { formatType, type ParsedResourceId, parseResourceId } from '../resource-id.ts';
import { formatArmTime } from '../time.ts';
import type { Actor } from '../token/actor.ts';
import { formatEvidence } from './authorization-evidence.ts';
import { formatClaims } from './claims.ts';
import type { ActivityEvent } from './event.ts';
import type { ActivityFacts, ActivityStage } from './facts.ts';
import { formatHttpStatusName } from './http-status-name.ts';
import { formatOperationName } from './operation-name.ts';
import { formatRecordedBody } from './recorded-body.ts';

/**
 * The activity-log event of one stage of a request, as `eventtypes/management/values` answers it.
 * @see https://learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema "Administrative category"
 * @see Azure CLI `monitor/aaz/latest/monitor/activity_log/_list.py`: reads `claims` and `properties` as maps of strings
 */
export function formatActivityEvent(facts: ActivityFacts, stage: ActivityStage): ActivityEvent {
  const target = describeTarget(facts);
  return {
    time: facts.time,
    eventDataId: facts.eventDataId,
    correlationId: facts.correlationId,
    ...(facts.subscriptionId === undefined ? {} : { subscriptionId: facts.subscriptionId }),
    ...(target.resourceGroupName === undefined ? {} : { resourceGroupName: target.resourceGroupName }),
    resourceProviderName: target.resourceProviderName,
    resourceId: facts.resourceId,
    caller: facts.caller.objectId,
    status: stage.status,
    body: formatBody(facts, stage, target),
  };
}

interface Target {
  readonly resourceGroupName: string | undefined;
  readonly resourceProviderName: string;
  readonly resourceType: string;
}

/** Groups, subscriptions and the tenant are Microsoft.Resources' own types. */
function describeTarget({ resourceId }: ActivityFacts): Target {
  const parsed = parseResourceId(resourceId);
  const resourceGroupName = parsed?.resourceGroupName;
  if (parsed?.provider !== undefined) {
    const { provider } = parsed;
    return { resourceGroupName, resourceProviderName: provider.namespace, resourceType: formatType(provider) };
  }
  return {
    resourceGroupName,
    resourceProviderName: 'Microsoft.Resources',
    resourceType: `Microsoft.Resources/${containerType(parsed)}`,
  };
}

function containerType(parsed: ParsedResourceId | undefined): string {
  if (parsed?.subscriptionId === undefined) return 'tenants';
  return parsed.resourceGroupName === undefined ? 'subscriptions' : 'subscriptions/resourceGroups';
}

function formatBody(facts: ActivityFacts, stage: ActivityStage, target: Target): JsonObject {
  const timestamp = formatArmTime(facts.time);
  return {
    authorization: { action: facts.action, scope: facts.scope, ...formatEvidence(facts.evidence?.grant) },
    caller: facts.caller.objectId,
    channels: 'Operation',
    claims: formatClaims(facts.caller.claims),
    correlationId: facts.correlationId,
    description: '',
    eventDataId: facts.eventDataId,
    eventName:
      stage.status === 'Started'
        ? localizable('BeginRequest', 'Begin request')
        : localizable('EndRequest', 'End request'),
    category: localizable('Administrative'),
    eventTimestamp: timestamp,
    id: formatEventId(facts),
    level: stage.status === 'Failed' ? 'Error' : 'Informational',
    operationId: facts.operationId,
    operationName: localizable(facts.action, formatOperationName(facts.action)),
    ...(target.resourceGroupName === undefined ? {} : { resourceGroupName: target.resourceGroupName }),
    resourceProviderName: localizable(target.resourceProviderName),
    resourceType: localizable(target.resourceType),
    resourceId: facts.resourceId,
    status: localizable(stage.status),
    subStatus: formatSubStatus(stage),
    submissionTimestamp: timestamp,
    ...(facts.subscriptionId === undefined ? {} : { subscriptionId: facts.subscriptionId }),
    tenantId: facts.tenantId,
    httpRequest: formatHttpRequest(facts),
    properties: formatProperties(facts, stage),
    relatedEvents: [],
    ...formatActor(facts.caller.actor),
  };
}

/** Our own: which user of which machine acted with the identity. Absent where the token does not say. */
function formatActor(actor: Actor | undefined): JsonObject {
  if (actor === undefined) return {};
  const { userName, uid, machineResourceId } = actor;
  return { posternActor: { userName, uid, machineId: machineResourceId } };
}

function localizable(value: string, localizedValue = value): JsonObject {
  return { value, localizedValue };
}

/** Milliseconds from 0001-01-01, where .NET's ticks begin, to 1970-01-01. */
const unixEpochInDotNetMillis = 62_135_596_800_000n;

/** `{resourceId}/events/{eventDataId}/ticks/{ticks}`; a tick is 100 nanoseconds. */
function formatEventId(facts: ActivityFacts): string {
  const ticks = (BigInt(facts.time) + unixEpochInDotNetMillis) * 10_000n;
  const below = facts.resourceId === '/' ? '' : facts.resourceId;
  return `${below}/events/${facts.eventDataId}/ticks/${ticks}`;
}

function formatSubStatus(stage: ActivityStage): JsonObject {
  if (stage.status === 'Started') return localizable('');
  const name = formatHttpStatusName(stage.httpStatus);
  return localizable(name, `${name} (HTTP Status Code: ${stage.httpStatus})`);
}

function formatHttpRequest(facts: ActivityFacts): JsonObject {
  return {
    ...(facts.clientRequestId === undefined ? {} : { clientRequestId: facts.clientRequestId }),
    ...(facts.clientIpAddress === undefined ? {} : { clientIpAddress: facts.clientIpAddress }),
    method: facts.method,
    uri: facts.uri,
  };
}

/**
 * Every value is a string. The request's body goes with the first event, what was answered or why it failed with the last. Azure
 * spells one `requestbody` and the other `responseBody`.
 * @see Azure CLI `role/custom.py` `list_role_assignment_change_logs`: reads the one of what was made, the other of what was deleted
 */
function formatProperties(facts: ActivityFacts, stage: ActivityStage): JsonObject {
  const always = {
    eventCategory: 'Administrative',
    entity: facts.resourceId,
    message: facts.action,
    hierarchy: [facts.tenantId, facts.subscriptionId].filter((part) => part !== undefined).join('/'),
  };
  if (stage.status === 'Started') return { ...named('requestbody', facts.requestBody), ...always };
  return {
    statusCode: formatHttpStatusName(stage.httpStatus),
    serviceRequestId: facts.operationId,
    ...named('responseBody', stage.responseBody),
    ...formatStatusMessage(stage.refusal),
    ...always,
  };
}

function named(name: 'requestbody' | 'responseBody', body: Json | undefined): JsonObject {
  const text = formatRecordedBody(body);
  return text === undefined ? {} : { [name]: text };
}

function formatStatusMessage(refusal: Refusal | undefined): JsonObject {
  if (refusal === undefined) return {};
  return { statusMessage: JSON.stringify({ error: { code: refusal.refused, message: refusal.message } }) };
}
