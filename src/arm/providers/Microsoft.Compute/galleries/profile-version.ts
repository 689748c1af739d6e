import { isVersionName } from '../../../../core/access/profile-reference.ts';
import type { Json, JsonObject } from '../../../../core/json.ts';
import { isRefusal, refuse } from '../../../../core/refusal.ts';
import { formatArmTime } from '../../../../core/time.ts';
import { profileType } from './access-profile.ts';
import { badName, badValue, type GalleryKind, type PropertiesRequest } from './gallery-kind.ts';
import { isUsed } from './profile-use.ts';

/** The full type of a version of an in-VM access control profile. */
export const versionType = `${profileType}/versions`;

/** What decides: once a machine has used the version, it stays as it is. */
const deciding = ['mode', 'defaultAccess', 'rules', 'recurringWindows'] as const;

/** A version of an in-VM access control profile: its rules. */
export const profileVersion: GalleryKind = {
  type: versionType,
  judgeName: (name) =>
    isVersionName(name) ? undefined : badName(name, "a version is 'Major.Minor.Patch', each a 32-bit integer"),
  properties: async (request) => {
    const { properties, before, call } = request;
    const decidingNow = decidingOf(properties);
    // Read with the first version that is written.
    const { parseProfile } = await import('../../../../core/access/parse-profile.ts');
    const profile = parseProfile(decidingNow);
    if (isRefusal(profile)) return profile;
    const next: JsonObject = { ...decidingNow, mode: profile.mode, defaultAccess: profile.defaultAccess };
    const excluded = properties['excludeFromLatest'] ?? false;
    if (typeof excluded !== 'boolean') return badValue('properties.excludeFromLatest', 'it must be true or false');
    const changes = before !== undefined && !isSame(decidingOf(before), next);
    if (changes && (await isUsed(request.context.store, request.key))) return immutable(call.resourceId);
    return {
      targetLocations: locationsOf(request),
      excludeFromLatest: excluded,
      publishedDate: before?.['publishedDate'] ?? formatArmTime(call.now),
      ...next,
    };
  },
};

function decidingOf(properties: JsonObject): JsonObject {
  return Object.fromEntries(
    deciding.flatMap((name) => {
      const value = properties[name] ?? undefined;
      return value === undefined ? [] : [[name, name === 'rules' ? withoutNulls(value) : value]];
    }),
  );
}

/** Clients send null for what they were not given. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(entries.map(([name, inner]) => [name, withoutNulls(inner)]));
}

function isSame(one: Json | undefined, other: Json | undefined): boolean {
  return JSON.stringify(sorted(one ?? null)) === JSON.stringify(sorted(other ?? null));
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
}

/** Where the version is: there is one Postern, so it is everywhere; what was asked for is kept as it was written. */
function locationsOf({ properties, location }: PropertiesRequest): Json {
  const asked = properties['targetLocations'];
  return Array.isArray(asked) && asked.length > 0
    ? asked
    : [{ name: location, regionalReplicaCount: 1, storageAccountType: 'Standard_LRS' }];
}

function immutable(id: string) {
  return refuse(
    'PropertyChangeNotAllowed',
    `The version '${id}' has been used by a machine, and its ${deciding.join(', ')} cannot change any more. Make a new version.`,
    { target: 'properties' },
  );
}
