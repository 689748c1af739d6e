import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';

/**
 * What the properties of a Microsoft.Network resource have that follows from names alone: an id for each named part (subnets,
 * ipConfigurations, securityRules …), and the domain name of a public address with a label. Addresses are not made up.
 * @see Azure CLI `vm/custom.py` get_vm_details, which reads `dnsSettings.fqdn` wherever there are `dnsSettings`
 */
export function withNetworkNames(resource: {
  readonly id: string;
  readonly type: string;
  readonly location: string | undefined;
  readonly properties: JsonObject;
}): JsonObject {
  const { id, type, location, properties } = resource;
  const named = Object.entries(properties).map(([name, part]) => [name, withIds(`${id}/${name}`, part)] as const);
  const complete: JsonObject = Object.fromEntries(named);
  const dns = complete['dnsSettings'];
  if (type.toLowerCase() !== 'publicipaddresses' || !isJsonObject(dns) || location === undefined) return complete;
  const label = dns['domainNameLabel'];
  if (typeof label !== 'string') return complete;
  return { ...complete, dnsSettings: { ...dns, fqdn: `${label}.${location}.cloudapp.azure.com` } };
}

function withIds(collection: string, parts: Json): Json {
  if (!Array.isArray(parts) || !(parts as readonly Json[]).every(isPart)) return parts;
  return parts.map((part) => ({ ...part, id: `${collection}/${part.name}` }));
}

function isPart(part: Json): part is { readonly name: string } & JsonObject {
  return isJsonObject(part) && typeof part['name'] === 'string' && isJsonObject(part['properties']);
}
