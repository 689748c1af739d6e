import type { JsonObject } from '../json.ts';
import { isJsonObject } from '../json.ts';
import { foldId } from '../resource-id.ts';

/** What a machine's settings refer to: one version of a profile, or whichever is its latest. */
export interface ProfileReference {
  /** The profile's id, folded. */
  readonly profileId: string;
  /** Undefined: the latest. */
  readonly version?: string;
}

const pattern =
  /^(\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.compute\/galleries\/[^/]+\/invmaccesscontrolprofiles\/[^/]+)(?:\/versions\/([^/]+))?$/;

/** Reads the id of a version, of a profile, or `…/versions/latest`; undefined for what is none of these. */
export function parseProfileReference(id: string): ProfileReference | undefined {
  const [, profileId, version] = pattern.exec(foldId(id)) ?? [];
  if (profileId === undefined) return undefined;
  if (version === undefined || version === 'latest') return { profileId };
  return isVersionName(version) ? { profileId, version } : undefined;
}

/** Whether a version's name is `Major.Minor.Patch`, each a 32-bit integer. */
export function isVersionName(name: string): boolean {
  return /^\d{1,10}\.\d{1,10}\.\d{1,10}$/.test(name) && partsOf(name).every((part) => part <= 0x7fff_ffff);
}

/** The latest of a profile's versions: the highest number that is not left out (`excludeFromLatest`). */
export function latestVersion<Version extends JsonObject>(versions: readonly Version[]): Version | undefined {
  return versions
    .filter(({ properties }) => !(isJsonObject(properties) && properties['excludeFromLatest'] === true))
    .reduce<Version | undefined>((best, next) => (best === undefined || isLater(next, best) ? next : best), undefined);
}

function isLater(one: JsonObject, other: JsonObject): boolean {
  const [left, right] = [partsOf(String(one['name'])), partsOf(String(other['name']))];
  const at = left.findIndex((part, place) => part !== right[place]);
  return at >= 0 && (left[at] ?? 0) > (right[at] ?? 0);
}

function partsOf(name: string): readonly number[] {
  return name.split('.').map(Number);
}
