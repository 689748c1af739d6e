import { sha1 } from './sha1.ts';

/** The namespace of the GUIDs that ARM derives from names. Published in Microsoft's Azure.Deployments.Expression package. */
const namespace = '11fb06fb-712d-4ddd-98c7-e71bbd588830';

/** The GUID of a name: a version 5 UUID (RFC 9562 section 5.5) in ARM's namespace. */
export function guidOf(name: string): string {
  const prefix = namespace.replaceAll('-', '').match(/../g) ?? [];
  const bytes = sha1(
    Uint8Array.from([...prefix.map((byte) => Number.parseInt(byte, 16)), ...new TextEncoder().encode(name)]),
  );
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
