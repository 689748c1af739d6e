import { judgeProxyAgentSettings } from '../../../core/access/proxy-agent-settings.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { type Refusal, refuse } from '../../../core/refusal.ts';
import { hostnameOf, isHostname } from './machine-name.ts';
import { defaultAdministrator } from './machine-users.ts';

const readOnly = new Set(['vmId', 'provisioningState', 'timeCreated', 'instanceView']);
const objects = ['hardwareProfile', 'storageProfile', 'osProfile', 'networkProfile', 'securityProfile'];

/**
 * The `properties` of a request without what is read-only and without the secrets that Azure takes and never gives back
 * (`adminPassword`, `customData`, contents of unattended set-up): those are not stored. Refuses `InvalidRequestContent` and
 * `InvalidParameter`.
 */
export function parseProperties(value: Json | undefined): JsonObject | Refusal {
  if (value === undefined || value === null) return {};
  if (!isJsonObject(value)) return malformed('properties', 'an object');
  const entries = Object.entries(value).filter(([name]) => !readOnly.has(name));
  const wrong = entries.find(([name, part]) => objects.includes(name) && part !== null && !isJsonObject(part));
  if (wrong !== undefined) return malformed(`properties.${wrong[0]}`, 'an object');
  const { osProfile, ...rest } = Object.fromEntries(entries);
  const kept = isJsonObject(osProfile) ? { ...rest, osProfile: withoutSecrets(osProfile) } : rest;
  return judgeNames(kept) ?? judgeProxyAgentSettings(kept) ?? kept;
}

function withoutSecrets({ adminPassword: _password, customData: _data, ...profile }: JsonObject): JsonObject {
  const windows = profile['windowsConfiguration'];
  if (!isJsonObject(windows)) return profile;
  const { additionalUnattendContent: _content, ...configuration } = windows;
  return { ...profile, windowsConfiguration: configuration };
}

function judgeNames(properties: JsonObject): Refusal | undefined {
  const computerName = partOf(properties, 'osProfile')['computerName'] ?? undefined;
  const administrator = partOf(properties, 'osProfile')['adminUsername'] ?? undefined;
  const size = partOf(properties, 'hardwareProfile')['vmSize'] ?? undefined;
  if (administrator !== undefined && typeof administrator !== 'string')
    return malformed('properties.osProfile.adminUsername', 'a string');
  if (size !== undefined && typeof size !== 'string') return malformed('properties.hardwareProfile.vmSize', 'a string');
  const userData = judgeUserData(properties['userData'] ?? undefined);
  if (userData !== undefined) return userData;
  if (computerName === undefined || (typeof computerName === 'string' && isHostname(computerName))) return undefined;
  return refuse(
    'InvalidParameter',
    `The computer name '${String(computerName)}' is not valid. Use up to 64 letters, digits and '-', not beginning or ending with '-'.`,
    { target: 'osProfile.computerName' },
  );
}

/** In bytes, before encoding. @see https://learn.microsoft.com/azure/virtual-machines/user-data */
const longestUserData = 64 * 1024;

function judgeUserData(userData: Json | undefined): Refusal | undefined {
  if (userData === undefined) return undefined;
  const isBase64 = typeof userData === 'string' && /^(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?$/.test(userData);
  const bytes = isBase64 ? (userData.length / 4) * 3 - (/=*$/.exec(userData)?.[0].length ?? 0) : 0;
  if (isBase64 && bytes <= longestUserData) return undefined;
  const message = isBase64
    ? `User data has ${bytes} bytes; at most ${longestUserData} are kept.`
    : 'User data must be Base64 encoded.';
  return refuse('InvalidParameter', message, { target: 'userData' });
}

/** One profile of a machine's properties; empty when it has none. */
export function partOf(properties: JsonObject, name: string): JsonObject {
  const part = properties[name];
  return isJsonObject(part) ? part : {};
}

/** An object with what it lacks (or has as null) filled in from another, at every depth. */
export function fill(given: JsonObject, missing: JsonObject): JsonObject {
  const filled: Record<string, Json> = {};
  for (const name of new Set([...Object.keys(missing), ...Object.keys(given)])) {
    const value = given[name] ?? undefined;
    const other = missing[name];
    if (isJsonObject(value) && isJsonObject(other)) filled[name] = fill(value, other);
    else if (value !== undefined || other !== undefined) filled[name] = value ?? other ?? null;
  }
  return filled;
}

/**
 * What a machine has that its request does not say. Azure asks for the profiles; here a body of a location alone makes a
 * machine (our own choice: the sandbox has one image and no size), so they are the CLI's usual values.
 */
export function defaultProperties(machineName: string, diskSuffix: string, given: JsonObject): JsonObject {
  const windows = isJsonObject(partOf(given, 'osProfile')['windowsConfiguration']);
  const setUp = windows ? {} : { linuxConfiguration: { disablePasswordAuthentication: true, provisionVMAgent: true } };
  const ownDisk = partOf(partOf(given, 'storageProfile'), 'osDisk')['createOption'] === 'Attach';
  const image = { publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: 'server', version: 'latest' };
  const named = isJsonObject(partOf(given, 'storageProfile')['imageReference']);
  return {
    hardwareProfile: { vmSize: 'Standard_B1s' },
    storageProfile: {
      ...(ownDisk || named ? {} : { imageReference: image }),
      osDisk: {
        osType: windows ? 'Windows' : 'Linux',
        name: `${machineName}_OsDisk_1_${diskSuffix}`,
        createOption: 'FromImage',
        caching: 'ReadWrite',
        managedDisk: { storageAccountType: 'StandardSSD_LRS' },
        deleteOption: 'Detach',
        diskSizeGB: 30,
      },
      dataDisks: [],
    },
    osProfile: {
      computerName: hostnameOf(machineName),
      adminUsername: defaultAdministrator,
      ...setUp,
      secrets: [],
      allowExtensionOperations: true,
    },
    networkProfile: { networkInterfaces: [] },
    extensionsTimeBudget: 'PT1H30M',
  };
}

function malformed(path: string, expected: string): Refusal {
  return refuse('InvalidRequestContent', `The request content was invalid: '${path}' must be ${expected}.`, {
    target: path,
  });
}
