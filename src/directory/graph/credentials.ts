import { createHash, X509Certificate } from 'node:crypto';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { KeyCredential, PasswordCredential } from '../../core/ports/directory.ts';
import type { Random } from '../../core/ports/random.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import type { EpochMillis } from '../../core/time.ts';
import { makeSecret } from '../secret.ts';
import { refuseRequest } from './ask.ts';
import { formatTime, parseTime } from './format-time.ts';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const maxNameLength = 256;

/** A secret as Graph shows it: its hint alone, but for the answer that made it. */
export function formatPassword(credential: PasswordCredential, secretText: string | null = null): JsonObject {
  return {
    customKeyIdentifier: null,
    displayName: credential.displayName,
    endDateTime: formatTime(credential.endMillis),
    hint: credential.hint,
    keyId: credential.keyId,
    secretText,
    startDateTime: formatTime(credential.startMillis),
  };
}

/** A certificate as Graph shows it: its thumbprint, and the certificate itself to who selects it of one object. */
export function formatKey(credential: KeyCredential, isSelected = false): JsonObject {
  const der = Buffer.from(credential.certificate, 'base64');
  return {
    customKeyIdentifier: createHash('sha1').update(der).digest('hex').toUpperCase(),
    displayName: credential.displayName,
    endDateTime: formatTime(credential.endMillis),
    key: isSelected ? credential.certificate : null,
    keyId: credential.keyId,
    startDateTime: formatTime(credential.startMillis),
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
  };
}

/** A new secret as `addPassword` asks for it: `{passwordCredential: {displayName, startDateTime, endDateTime}}`. */
export function makePassword(
  body: JsonObject,
  now: EpochMillis,
  random: Random,
): { readonly secret: string; readonly credential: PasswordCredential } | Refusal {
  const asked = isJsonObject(body['passwordCredential']) ? body['passwordCredential'] : {};
  const made = makeSecret(now, random);
  const times = readTimes(asked, made.credential);
  if (isRefusal(times)) return times;
  const { displayName } = asked;
  const name = typeof displayName === 'string' ? displayName : '';
  if (name.length > maxNameLength) return refuseName(name);
  return { ...made, credential: { ...made.credential, ...times, displayName: name } };
}

/** What proves an object's identity: an application's, or a service principal's. */
export interface Credentials {
  readonly passwordCredentials: readonly PasswordCredential[];
  readonly keyCredentials: readonly KeyCredential[];
}

/** The credentials that an object is to have after a request; secrets can be taken away by it, but are made by `addPassword`. */
export function readCredentials(
  body: JsonObject,
  { passwordCredentials, keyCredentials = [] }: Partial<Credentials> & Pick<Credentials, 'passwordCredentials'>,
  random: Random,
): Credentials | Refusal {
  const passwords =
    'passwordCredentials' in body
      ? keepPasswords(body['passwordCredentials'], passwordCredentials)
      : passwordCredentials;
  if (isRefusal(passwords)) return passwords;
  const keys = 'keyCredentials' in body ? readKeys(body['keyCredentials'], keyCredentials, random) : keyCredentials;
  return isRefusal(keys) ? keys : { passwordCredentials: passwords, keyCredentials: keys };
}

function keepPasswords(
  value: Json | undefined,
  existing: readonly PasswordCredential[],
): readonly PasswordCredential[] | Refusal {
  const named = Array.isArray(value) ? value.map((one) => (isJsonObject(one) ? one['keyId'] : undefined)) : [undefined];
  if (named.some((keyId) => existing.every((one) => one.keyId !== keyId))) {
    return refuseRequest('New password credentials must be generated using service actions.');
  }
  return existing.filter(({ keyId }) => named.includes(keyId));
}

/**
 * The certificates that an object is to have, from `keyCredentials`: entries with a key are new, those without stay as they
 * are (they name one that the object has). Refuses what is no certificate, or is to be valid when the certificate is not.
 */
function readKeys(
  value: Json | undefined,
  existing: readonly KeyCredential[],
  random: Random,
): readonly KeyCredential[] | Refusal {
  if (!Array.isArray(value)) return refuseRequest("'keyCredentials' must be a list.");
  const keys: KeyCredential[] = [];
  for (const entry of value as readonly Json[]) {
    const key = isJsonObject(entry)
      ? readKey(entry, existing, random)
      : refuseRequest('A key credential is an object.');
    if (isRefusal(key)) return key;
    keys.push(key);
  }
  if (new Set(keys.map(({ keyId }) => keyId)).size < keys.length) {
    return refuse('DuplicateValue', 'Request contains a property with duplicate values.', { target: 'keyCredentials' });
  }
  return keys;
}

function readKey(entry: JsonObject, existing: readonly KeyCredential[], random: Random): KeyCredential | Refusal {
  const { key, keyId, displayName, type, usage } = entry;
  const kept = existing.find((one) => one.keyId === keyId);
  if (kept !== undefined && typeof key === 'string' && key !== kept.certificate) {
    return refuseRequest(`Update to existing credential with KeyId '${kept.keyId}' is not allowed.`);
  }
  if (kept !== undefined || typeof key !== 'string') {
    return kept ?? refuseRequest(`Key credential '${String(keyId)}' has no key and is not one that the object has.`);
  }
  if (type !== undefined && type !== 'AsymmetricX509Cert') {
    return refuseRequest(`Key credential type '${String(type)}' is not supported: it must be AsymmetricX509Cert.`);
  }
  if (usage !== undefined && usage !== 'Verify') {
    return refuseRequest(`Key credential usage '${String(usage)}' is not supported: it must be Verify.`);
  }
  const certificate = readCertificate(key);
  if (certificate === undefined)
    return refuseRequest('Key credential is invalid: key is not a certificate in DER, base64.');
  const times = readTimes(entry, certificate);
  if (isRefusal(times)) return times;
  // Clients round the times of the certificate to seconds, and their clocks differ from its maker's.
  if (times.endMillis > certificate.endMillis + 1000) return refuseRequest('Key credential end date is invalid.');
  const id = typeof keyId === 'string' && keyId !== '' ? keyId : random.uuid();
  if (!guid.test(id)) return refuseRequest(`Invalid GUID:${id}`);
  const name = typeof displayName === 'string' ? displayName : certificate.subject;
  if (name.length > maxNameLength) return refuseName(name);
  return { keyId: id, displayName: name, certificate: certificate.der, ...times };
}

interface ReadCertificate {
  readonly der: string;
  readonly subject: string;
  readonly startMillis: EpochMillis;
  readonly endMillis: EpochMillis;
}

/** A certificate in DER, base64, or in PEM once more encoded, as clients send both. */
function readCertificate(key: string): ReadCertificate | undefined {
  try {
    const certificate = new X509Certificate(Buffer.from(key, 'base64'));
    return {
      der: certificate.raw.toString('base64'),
      subject: certificate.subject.replaceAll('\n', ', '),
      startMillis: Date.parse(certificate.validFrom) as EpochMillis,
      endMillis: Date.parse(certificate.validTo) as EpochMillis,
    };
  } catch {
    return undefined;
  }
}

function refuseName({ length }: string): Refusal {
  return refuseRequest(`A credential's display name has at most ${maxNameLength} characters; this one has ${length}.`);
}

interface Times {
  readonly startMillis: EpochMillis;
  readonly endMillis: EpochMillis;
}

function readTimes(entry: JsonObject, otherwise: Times): Times | Refusal {
  const startMillis = readTime(entry['startDateTime'], otherwise.startMillis);
  const endMillis = readTime(entry['endDateTime'], otherwise.endMillis);
  if (startMillis === undefined || endMillis === undefined) {
    return refuseRequest("'startDateTime' and 'endDateTime' must be times such as 2026-11-23T12:00:00Z.");
  }
  if (endMillis <= startMillis) return refuseRequest('Credential end date must be later than its start date.');
  return { startMillis, endMillis };
}

function readTime(value: Json | undefined, otherwise: EpochMillis): EpochMillis | undefined {
  if (value === undefined || value === null) return otherwise;
  return typeof value === 'string' ? parseTime(value) : undefined;
}

/** An object whose `keyCredentials` were selected by name: only then Graph shows the certificates themselves. */
export function withSelectedKeys(
  object: JsonObject,
  keys: readonly KeyCredential[],
  select: string | undefined,
): JsonObject {
  const names = (select ?? '').split(',').map((name) => name.trim().toLowerCase());
  if (!names.includes('keycredentials')) return object;
  return { ...object, keyCredentials: keys.map((key) => formatKey(key, true)) };
}
