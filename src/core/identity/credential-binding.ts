/** For whom a machine's certificate was issued: the identity, on one machine. */
export interface CredentialBinding {
  readonly principalId: string;
  readonly vmId: string;
  readonly machineResourceId: string;
}

const prefix = 'urn:postern:credential:';

/** The binding as a URI, which a certificate carries as a subject alternative name. */
export function formatBinding({ principalId, vmId, machineResourceId }: CredentialBinding): string {
  return prefix + [principalId, vmId, encodeURIComponent(machineResourceId)].join(':');
}

/** The binding that a URI names; undefined for any other URI. */
export function parseBinding(uri: string): CredentialBinding | undefined {
  if (!uri.startsWith(prefix)) return undefined;
  const [principalId, vmId, machine, ...more] = uri.slice(prefix.length).split(':');
  if (!principalId || !vmId || !machine || more.length > 0) return undefined;
  try {
    return { principalId, vmId, machineResourceId: decodeURIComponent(machine) };
  } catch {
    return undefined;
  }
}
