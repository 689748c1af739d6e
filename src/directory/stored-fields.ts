import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { AppRoleGrant, KeyCredential, PasswordCredential } from '../core/ports/directory.ts';
import type { EpochMillis } from '../core/time.ts';

// The fields that stored directory objects share. What a document lacks although every one has it is a bug, and throws.

/** A text. */
export function text(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  throw new Error('a stored directory object lacks a text that every one has');
}

/** A list of texts; none when it is left out. */
export function texts(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.map(text) : [];
}

/** A time. */
export function time(value: Json | undefined): EpochMillis {
  if (typeof value === 'number') return value as EpochMillis;
  throw new Error('a stored directory object lacks a time that every one has');
}

/** Client secrets, as hashes; none when they are left out. */
export function passwords(value: Json | undefined): readonly PasswordCredential[] {
  return objects(value).map((credential) => ({
    keyId: text(credential['keyId']),
    displayName: text(credential['displayName']),
    hint: text(credential['hint']),
    secretSha256: text(credential['secretSha256']),
    startMillis: time(credential['startMillis']),
    endMillis: time(credential['endMillis']),
  }));
}

/** Certificates; none when they are left out. */
export function keys(value: Json | undefined): readonly KeyCredential[] {
  return objects(value).map((credential) => ({
    keyId: text(credential['keyId']),
    displayName: text(credential['displayName']),
    certificate: text(credential['certificate']),
    startMillis: time(credential['startMillis']),
    endMillis: time(credential['endMillis']),
  }));
}

/** Application permissions; none when they are left out. */
export function grants(value: Json | undefined): readonly AppRoleGrant[] {
  return objects(value).map((grant) => ({
    resourceId: text(grant['resourceId']),
    appRoleId: text(grant['appRoleId']),
    grantedAt: time(grant['grantedAt']),
  }));
}

/** Objects; none when they are left out. */
export function objects(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
