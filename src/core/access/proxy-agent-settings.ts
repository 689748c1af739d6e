import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { AccessMode } from './access-profile.ts';
import { parseProfileReference } from './profile-reference.ts';

/** What a machine's `securityProfile.proxyAgentSettings` say of its metadata service. */
export interface AccessSettings {
  /** The machine's own word; undefined leaves it to the profile. */
  readonly mode?: AccessMode;
  /** As it was written. */
  readonly referenceId: string;
}

const modes: readonly AccessMode[] = ['Audit', 'Enforce', 'Disabled'];
const endpoints = ['imds', 'wireServer'] as const;

/** The settings of a stored machine; undefined where no profile guards its metadata service. */
export function accessSettingsOf(machine: JsonObject): AccessSettings | undefined {
  const settings = settingsOf(machine['properties']);
  const imds = settings?.['imds'];
  if (settings?.['enabled'] !== true || !isJsonObject(imds)) return undefined;
  const referenceId = imds['inVMAccessControlProfileReferenceId'];
  const mode = modeOf(imds['mode'] ?? settings['mode']);
  if (typeof referenceId !== 'string' || mode === 'Disabled') return undefined;
  return mode === undefined ? { referenceId } : { mode, referenceId };
}

/** The laxer of what the machine and the profile say: either of them can try rules out before they bite. */
export function effectiveMode(machine: AccessMode | undefined, profile: AccessMode): AccessMode {
  const strictness: readonly AccessMode[] = ['Disabled', 'Audit', 'Enforce'];
  return strictness[Math.min(strictness.indexOf(machine ?? 'Enforce'), strictness.indexOf(profile))] ?? 'Enforce';
}

/** The profiles to which a machine's properties refer, by the endpoint that they guard. */
export function referencesOf(
  properties: Json | undefined,
): readonly { readonly endpoint: string; readonly id: string }[] {
  const settings = settingsOf(properties);
  return endpoints.flatMap((endpoint) => {
    const part = settings?.[endpoint];
    const id = isJsonObject(part) ? part['inVMAccessControlProfileReferenceId'] : undefined;
    return typeof id === 'string' ? [{ endpoint, id }] : [];
  });
}

/**
 * Judges the `securityProfile.proxyAgentSettings` of a machine's properties, apart from whether what they refer to exists. Refuses
 * `InvalidParameter`.
 */
export function judgeProxyAgentSettings(properties: JsonObject): Refusal | undefined {
  const security = properties['securityProfile'];
  const settings = isJsonObject(security) ? (security['proxyAgentSettings'] ?? undefined) : undefined;
  if (settings === undefined) return undefined;
  const target = 'securityProfile.proxyAgentSettings';
  if (!isJsonObject(settings)) return invalid(target, settings, 'an object');
  const booleans = judgeFields(settings, target, ['enabled', 'addProxyAgentExtension'], isBoolean, 'true or false');
  if (booleans !== undefined) return booleans;
  const key = settings['keyIncarnationId'] ?? 0;
  if (!(Number.isInteger(key) && Number(key) >= 0))
    return invalid(`${target}.keyIncarnationId`, key, 'a whole number from 0 on');
  const mode = settings['mode'] ?? undefined;
  if (mode !== undefined && (modeOf(mode) ?? 'Disabled') === 'Disabled') {
    return invalid(`${target}.mode`, mode, "'Audit' or 'Enforce'");
  }
  return endpoints.map((name) => judgeEndpoint(settings[name], `${target}.${name}`)).find(isRefusal);
}

function judgeEndpoint(endpoint: Json | undefined, target: string): Refusal | undefined {
  if (endpoint === undefined || endpoint === null) return undefined;
  if (!isJsonObject(endpoint)) return invalid(target, endpoint, 'an object');
  const mode = endpoint['mode'] ?? undefined;
  if (mode !== undefined && modeOf(mode) === undefined) {
    return invalid(`${target}.mode`, mode, "'Audit', 'Enforce' or 'Disabled'");
  }
  const local = judgeFields(endpoint, target, ['useLocalFileRules'], isBoolean, 'true or false');
  if (local !== undefined) return local;
  const id = endpoint['inVMAccessControlProfileReferenceId'] ?? undefined;
  if (id === undefined || (typeof id === 'string' && parseProfileReference(id) !== undefined)) return undefined;
  return invalid(
    `${target}.inVMAccessControlProfileReferenceId`,
    id,
    'the id of a version (…/galleries/{gallery}/inVMAccessControlProfiles/{profile}/versions/{version}), or of a profile for its latest version',
  );
}

function judgeFields(
  part: JsonObject,
  target: string,
  names: readonly string[],
  fits: (value: Json) => boolean,
  expected: string,
): Refusal | undefined {
  const wrong = names.find((name) => !fits(part[name] ?? false));
  return wrong === undefined ? undefined : invalid(`${target}.${wrong}`, part[wrong], expected);
}

function isBoolean(value: Json): boolean {
  return typeof value === 'boolean';
}

function modeOf(value: Json | undefined): AccessMode | undefined {
  return modes.find((mode) => mode.toLowerCase() === String(value).toLowerCase());
}

function settingsOf(properties: Json | undefined): JsonObject | undefined {
  const security = isJsonObject(properties) ? properties['securityProfile'] : undefined;
  const settings = isJsonObject(security) ? security['proxyAgentSettings'] : undefined;
  return isJsonObject(settings) ? settings : undefined;
}

function invalid(target: string, value: Json | undefined, expected: string): Refusal {
  const message = `The value ${JSON.stringify(value)} of parameter '${target}' is not valid: it must be ${expected}.`;
  return refuse('InvalidParameter', message, { target });
}
