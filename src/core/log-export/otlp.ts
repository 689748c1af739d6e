import type { JsonObject } from '../json.ts';
import type { EpochMillis } from '../time.ts';

/** What all records of a Postern have in common. */
export interface OtlpResource {
  readonly tenantId: string;
  readonly version: string;
}

/** A value of an attribute; what is undefined is left out. */
export type Attribute = string | number | readonly string[] | undefined;

/** Attributes by name: those of OpenTelemetry's semantic conventions where there are some. */
export type Attributes = Readonly<Record<string, Attribute>>;

/** What a log record says. */
export interface LogRecordFacts {
  readonly time: EpochMillis;
  readonly eventName: string;
  /** Nothing was refused and nothing failed. */
  readonly isGood: boolean;
  readonly text: string;
  readonly attributes: Attributes;
}

/**
 * Records of one scope as an `ExportLogsServiceRequest` in JSON.
 * @see https://opentelemetry.io/docs/specs/otlp/ "JSON Protobuf Encoding"; opentelemetry-proto `logs/v1/logs.proto`
 */
export function formatOtlpLogs(
  scope: string,
  logRecords: readonly JsonObject[],
  { tenantId, version }: OtlpResource,
): JsonObject {
  const resource = {
    attributes: formatAttributes({
      'service.name': 'postern',
      'service.version': version,
      'azure.tenant_id': tenantId,
    }),
  };
  return { resourceLogs: [{ resource, scopeLogs: [{ scope: { name: scope }, logRecords }] }] };
}

/** One log record. Times and integers are texts, as in all of Protobuf's JSON. */
export function formatLogRecord({ time, eventName, isGood, text, attributes }: LogRecordFacts): JsonObject {
  const nanos = `${time}000000`;
  return {
    timeUnixNano: nanos,
    observedTimeUnixNano: nanos,
    severityNumber: isGood ? 9 : 13,
    severityText: isGood ? 'INFO' : 'WARN',
    eventName,
    body: { stringValue: text },
    attributes: formatAttributes(attributes),
  };
}

/** The same attributes, each name below a namespace. */
export function below(namespace: string, attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`${namespace}.${name}`, value]));
}

function formatAttributes(attributes: Attributes): readonly JsonObject[] {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: anyValueOf(value) }],
  );
}

function anyValueOf(value: NonNullable<Attribute>): JsonObject {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'number') return { intValue: String(value) };
  return { arrayValue: { values: value.map((one) => ({ stringValue: one })) } };
}
