/**
 * Parses `name=value,name=value`, percent-encoded, as every OpenTelemetry exporter reads its headers; what is no pair is passed over.
 * @see the OTLP exporter specification, "Specifying headers via environment variables"
 */
export function parseOtlpHeaders(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(',').flatMap((pair) => {
    const [, name, value = ''] = /^\s*([^\s=]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
    const decoded = decode(value);
    return name === undefined || decoded === undefined ? [] : [[name, decoded] as const];
  });
  return Object.fromEntries(pairs);
}

function decode(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
