import { AccessDecider } from '../core/access/decide-access.ts';
import { parseProfile } from '../core/access/parse-profile.ts';
import { latestVersion, type ProfileReference, parseProfileReference } from '../core/access/profile-reference.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import { type Change, documentKey, type Store } from '../core/ports/store.ts';
import { isRefusal } from '../core/refusal.ts';

/** A profile version that is in force, or why there is none. */
export type LoadedProfile =
  | { readonly versionId: string; readonly decider: AccessDecider }
  | { readonly unreadable: string };

const versionType = 'microsoft.compute/galleries/invmaccesscontrolprofiles/versions';

/**
 * The profile versions that machines refer to, read when first asked for and again after each change: a reference to a profile
 * means its latest version from the moment that this is written.
 */
export class LoadedProfiles {
  readonly #store: Store;
  /** By the reference as it is spelled: it is asked for with each request, and a machine spells it in one way. */
  readonly #loaded = new Map<string, LoadedProfile>();
  #generation = 0;
  readonly close: () => void;

  constructor(store: Store) {
    this.#store = store;
    this.close = store.watch((changes) => this.#forgetChanged(changes));
  }

  /** Answers at once what has been read and not changed since. */
  load(referenceId: string): LoadedProfile | Promise<LoadedProfile> {
    return this.#loaded.get(referenceId) ?? this.#read(referenceId);
  }

  async #read(referenceId: string): Promise<LoadedProfile> {
    const reference = parseProfileReference(referenceId);
    if (reference === undefined) return { unreadable: `'${referenceId}' is no id of a profile or version` };
    const generation = this.#generation;
    const profile = await this.#readReference(reference, referenceId).catch((error: unknown) => ({
      unreadable: `'${referenceId}' cannot be read: ${error instanceof Error ? error.message : 'the store failed'}`,
      isPassing: true as const,
    }));
    // What was read before a change is over must not outlast it, nor a failure of the store its cause.
    if (generation === this.#generation && !('isPassing' in profile)) this.#loaded.set(referenceId, profile);
    return profile;
  }

  async #readReference({ profileId, version }: ProfileReference, referenceId: string): Promise<LoadedProfile> {
    const body = version === undefined ? await this.#latest(profileId) : await this.#version(profileId, version);
    if (body === undefined) return { unreadable: `'${referenceId}' does not exist or has no version` };
    const profile = parseProfile(isJsonObject(body['properties']) ? body['properties'] : {});
    if (isRefusal(profile)) return { unreadable: `'${referenceId}' cannot be understood: ${profile.message}` };
    return { versionId: String(body['id']), decider: new AccessDecider(profile) };
  }

  async #version(profileId: string, version: string): Promise<JsonObject | undefined> {
    return (await this.#store.get(documentKey(`${profileId}/versions/${version}`)))?.body;
  }

  async #latest(profileId: string): Promise<JsonObject | undefined> {
    const documents = await this.#store.list(documentKey(profileId), { type: versionType });
    return latestVersion(documents.map(({ body }) => body));
  }

  #forgetChanged(changes: readonly Change[]): void {
    const changed = changes.filter(({ key }) => key.includes('/invmaccesscontrolprofiles/'));
    if (changed.length === 0) return;
    this.#generation += 1;
    const profiles = new Set(changed.map(({ key }) => profileOf(key)));
    for (const id of this.#loaded.keys()) if (profiles.has(profileOf(id))) this.#loaded.delete(id);
  }
}

function profileOf(id: string): string {
  return parseProfileReference(id)?.profileId ?? id;
}
