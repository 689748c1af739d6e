import type { Json } from '../../../json.ts';
import { type Fault, fault, integer, takes, text } from '../define.ts';
import { formatAddress, type Network, networkAt, parseNetwork } from '../network.ts';

/** @see Azure Resource Manager, "CIDR functions for ARM templates" */
export const cidrFunctions = {
  parseCidr: takes([text], (range) => {
    const network = parseNetwork(range);
    return network === undefined ? noNetwork(range) : describe(network);
  }),
  cidrSubnet: takes([text, integer, integer], (range, length, index) => {
    const network = parseNetwork(range);
    return network === undefined ? noNetwork(range) : subnet(network, length, index);
  }),
  cidrHost: takes([text, integer], (range, index) => {
    const network = parseNetwork(range);
    return network === undefined ? noNetwork(range) : host(network, index);
  }),
};

function describe(network: Network): Json {
  const { first, last, bits, length } = network;
  const reserved = bits === 32 && length < 31 ? 1n : 0n;
  const mask = networkAt((1n << BigInt(bits)) - 1n, bits, length).first;
  return {
    network: formatAddress(first, bits),
    netmask: formatAddress(mask, bits),
    ...(bits === 32 ? { broadcast: formatAddress(last, bits) } : {}),
    firstUsable: formatAddress(first + reserved, bits),
    lastUsable: formatAddress(last - reserved, bits),
    cidr: length,
  };
}

function subnet({ first, last, bits, length }: Network, wanted: number, index: number): Json | Fault {
  if (wanted < length || wanted > bits) return fault(`the new CIDR '${wanted}' must be from '${length}' to '${bits}'`);
  const start = first + (BigInt(index) << BigInt(bits - wanted));
  if (index < 0 || start > last) return fault(`there is no subnet '${index}' of length '${wanted}' in the network`);
  return `${formatAddress(start, bits)}/${wanted}`;
}

/** The first host, of index 0, is the one after the network's own address. */
function host({ first, last, bits, length }: Network, index: number): Json | Fault {
  const reserved = bits === 32 && length < 31 ? 1n : 0n;
  const from = length >= bits - 1 ? first : first + 1n;
  const address = from + BigInt(index);
  if (index < 0 || address > last - reserved) return fault(`there is no host '${index}' in the network`);
  return formatAddress(address, bits);
}

function noNetwork(range: string): Fault {
  return fault(
    `the parameter must be a network in CIDR notation, such as '10.0.0.0/16', while '${range}' was provided`,
  );
}
