import { isJsonObject, type Json, type JsonObject } from '../../../../core/json.ts';
import { isGuid } from '../../../../core/rbac/guid.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import type { ActivationRule, ScheduleKind } from '../../../../core/schedules/schedule.ts';
import { type RequestType, requestTypes } from '../../../../core/schedules/schedule-request.ts';
import type { Call } from '../../../provider-contract.ts';
import { parseWantedCondition } from '../role-assignments/wanted-condition.ts';
import { parseRoleDefinitionId } from '../role-definitions/role-definition-id.ts';
import { parseActivation } from './activation.ts';

/** What a PUT of a schedule request asks for. */
export interface WantedRequest {
  readonly id: string;
  readonly name: string;
  readonly kind: ScheduleKind;
  readonly scope: string;
  /** The role's GUID. */
  readonly roleDefinitionId: string;
  readonly principalId: string;
  readonly requestType: RequestType;
  readonly scheduleInfo?: JsonObject;
  readonly ticketInfo?: JsonObject;
  readonly justification?: string;
  readonly condition?: string;
  readonly targetScheduleId?: string;
  readonly linkedEligibilityId?: string;
  readonly activation?: ActivationRule;
}

/** Reads a PUT or what is to be validated. Refuses a name that is no GUID, and what is missing or ill-formed. */
export function parseWantedRequest(kind: ScheduleKind, call: Call): WantedRequest | Refusal {
  const { resourceId, params, body } = call;
  const name = params['scheduleRequestName'] ?? '';
  if (!isGuid(name)) return invalid(`The name '${name}' of the request is not valid. It must be a GUID.`);
  const properties = isJsonObject(body) ? body['properties'] : undefined;
  if (!isJsonObject(properties)) {
    return invalid("The request content must be an object with the property 'properties'.");
  }
  const what = parseWhat(kind, properties);
  if (isRefusal(what)) return what;
  const condition = parseWantedCondition(properties);
  if (isRefusal(condition)) return condition;
  const activation = kind === 'Eligibility' ? parseRule(what.requestType, properties) : undefined;
  if (isRefusal(activation)) return activation;
  const address = { id: resourceId.replace(/\/validate$/i, ''), name, kind, scope: params['scope'] ?? '/' };
  return {
    ...address,
    ...what,
    ...parseRest(kind, properties),
    ...(condition === undefined ? {} : { condition }),
    ...(activation === undefined ? {} : { activation }),
  };
}

/** A new eligibility has a rule in any case; a change that brings none leaves the one that there is. */
function parseRule(requestType: RequestType, { posternActivation }: JsonObject): ActivationRule | Refusal | undefined {
  const isNew = requestType === 'AdminAssign' || requestType === 'AdminRenew';
  return isNew || (posternActivation ?? null) !== null ? parseActivation(posternActivation) : undefined;
}

function parseWhat(kind: ScheduleKind, properties: JsonObject) {
  const { roleDefinitionId: role, principalId, requestType: type } = properties;
  const roleDefinitionId = typeof role === 'string' ? parseRoleDefinitionId(role) : undefined;
  if (roleDefinitionId === undefined) {
    const message = `The role definition ID '${shown(role)}' is not valid. It must end in the GUID of a role definition.`;
    return refuse('InvalidRoleDefinitionId', message);
  }
  if (typeof principalId !== 'string' || !isGuid(principalId)) {
    return refuse(
      'InvalidPrincipalId',
      `A valid principal ID must be provided; '${shown(principalId)}' is not a GUID.`,
    );
  }
  const known = requestTypes.filter((one) => kind === 'Assignment' || one.startsWith('Admin'));
  const requestType = known.find((one) => one === type);
  if (requestType === undefined) {
    return invalid(`The request type '${shown(type)}' is not valid. It must be one of '${known.join(', ')}'.`);
  }
  return { roleDefinitionId, principalId: principalId.toLowerCase(), requestType };
}

function parseRest(kind: ScheduleKind, properties: JsonObject) {
  const text = (name: string, as: string) => {
    const value = properties[name];
    return typeof value === 'string' && value.trim() !== '' ? { [as]: value } : {};
  };
  const object = (name: string) => {
    const value = properties[name];
    return isJsonObject(value) ? { [name]: value } : {};
  };
  return {
    ...object('scheduleInfo'),
    ...object('ticketInfo'),
    ...text('justification', 'justification'),
    ...text(`targetRole${kind}ScheduleId`, 'targetScheduleId'),
    ...text('linkedRoleEligibilityScheduleId', 'linkedEligibilityId'),
  };
}

function shown(value: Json | undefined): string {
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, 120);
}

function invalid(message: string): Refusal {
  return refuse('InvalidRequestContent', message);
}
