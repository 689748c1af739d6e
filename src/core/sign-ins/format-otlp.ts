import type { JsonObject } from '../json.ts';
import type { RecordedSignIn } from '../ports/sign-in-log.ts';
import { nameOf } from '../resource-id.ts';

/** What all records of a Postern have in common. */
export interface OtlpResource {
  readonly tenantId: string;
  readonly version: string;
}

/**
 * Records as an `ExportLogsServiceRequest` in JSON: one log record each, of event `postern.sign_in`. Times and integers are texts
 * there, as in all of Protobuf's JSON.
 * @see https://opentelemetry.io/docs/specs/otlp/ "JSON Protobuf Encoding"; opentelemetry-proto `logs/v1/logs.proto`
 */
export function formatOtlpLogs(signIns: readonly RecordedSignIn[], { tenantId, version }: OtlpResource): JsonObject {
  const resource = {
    attributes: attributesOf({ 'service.name': 'postern', 'service.version': version, 'azure.tenant_id': tenantId }),
  };
  const scopeLogs = [{ scope: { name: 'postern.sign-ins' }, logRecords: signIns.map(formatLogRecord) }];
  return { resourceLogs: [{ resource, scopeLogs }] };
}

function formatLogRecord(signIn: RecordedSignIn): JsonObject {
  const nanos = `${signIn.time}000000`;
  const isGood = signIn.outcome === 'issued' || signIn.outcome === 'handedOver';
  return {
    timeUnixNano: nanos,
    observedTimeUnixNano: nanos,
    severityNumber: isGood ? 9 : 13,
    severityText: isGood ? 'INFO' : 'WARN',
    eventName: 'postern.sign_in',
    body: { stringValue: describe(signIn) },
    attributes: attributesOf(factsOf(signIn)),
  };
}

function describe({ user, machineResourceId, outcome, request }: RecordedSignIn): string {
  const who = user === undefined ? 'someone' : user.userName;
  return `${outcome} ${request.query['resource'] ?? request.path} to ${who} on ${nameOf(machineResourceId)}`;
}

type Attribute = string | number | readonly string[] | undefined;

function below(namespace: string, facts: Readonly<Record<string, Attribute>>): Readonly<Record<string, Attribute>> {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [`${namespace}.${name}`, value]));
}

/** Names of OpenTelemetry's semantic conventions where there are some. */
function factsOf(signIn: RecordedSignIn): Readonly<Record<string, Attribute>> {
  const { user, process, identity, request, access, failure } = signIn;
  return {
    'postern.sign_in.id': signIn.id,
    'postern.sign_in.number': signIn.number,
    'postern.sign_in.hash': signIn.hash,
    'postern.sign_in.outcome': signIn.outcome,
    'azure.vm.id': signIn.machineResourceId,
    'user.id': user?.uid === undefined ? undefined : String(user.uid),
    'user.name': user?.userName,
    'postern.user.groups': user?.groupNames,
    ...below('process', {
      pid: process?.pid,
      'executable.path': process?.exePath,
      'executable.name': process?.processName,
    }),
    'azure.principal_id': identity?.principalId,
    'azure.client_id': identity?.clientId,
    'azure.identity_id': identity?.resourceId,
    'url.path': request.path,
    'azure.token.resource': request.query['resource'],
    'azure.token.uti': signIn.uti,
    'azure.client_request_id': signIn.clientRequestId,
    'postern.access.mode': access?.mode,
    'postern.access.decision': access?.decision,
    'postern.access.rule': access?.rule,
    'postern.access.profile_version_id': access?.profileVersionId,
    'error.type': failure?.code,
    'error.message': failure?.message,
  };
}

function attributesOf(facts: Readonly<Record<string, Attribute>>): readonly JsonObject[] {
  return Object.entries(facts).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: anyValueOf(value) }],
  );
}

function anyValueOf(value: NonNullable<Attribute>): JsonObject {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'number') return { intValue: String(value) };
  return { arrayValue: { values: value.map((one) => ({ stringValue: one })) } };
}
