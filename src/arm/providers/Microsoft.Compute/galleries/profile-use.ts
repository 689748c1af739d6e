import { parseProfileReference } from '../../../../core/access/profile-reference.ts';
import { referencesOf } from '../../../../core/access/proxy-agent-settings.ts';
import { isJsonObject, type Json } from '../../../../core/json.ts';
import { type DocumentKey, documentKey, type Store, type Write } from '../../../../core/ports/store.ts';
import { type Refusal, refuse } from '../../../../core/refusal.ts';
import { foldId } from '../../../../core/resource-id.ts';
import type { LinkedCheck } from '../../../provider-contract.ts';

// Which versions machines use. A version that was used once is not changed any more, so that a record of a decision can be
// read against the rules by which it was made; a mark is kept beside what is referred to, and goes with it.

const endpointTypes: Readonly<Record<string, string>> = { imds: 'IMDS', wireServer: 'WireServer' };

/** Whether a machine has ever referred to this version, or to whichever is the latest of its profile. */
export async function isUsed(store: Store, versionKey: DocumentKey): Promise<boolean> {
  const marks = [markOf(versionKey), markOf(versionKey.replace(/\/versions\/[^/]+$/, ''))];
  return (await Promise.all(marks.map((key) => store.get(key)))).some((mark) => mark !== undefined);
}

/** The writes that say which versions a machine's properties use: to be committed with the machine. */
export function markUse(properties: Json | undefined): readonly Write[] {
  return targetsOf(properties).map(({ key }) => ({ put: markOf(key), body: {} }));
}

/** The write that forgets that what is deleted was used. */
export function forgetUse(key: string): Write {
  return { removeTree: markOf(key) };
}

/** Refuses `InvalidParameter` where properties refer to what does not exist or is for another endpoint. */
export async function judgeUse(store: Store, properties: Json | undefined): Promise<Refusal | undefined> {
  for (const { endpoint, id, key, profileId } of targetsOf(properties)) {
    const target = `securityProfile.proxyAgentSettings.${endpoint}.inVMAccessControlProfileReferenceId`;
    const [found, profile] = await Promise.all([store.get(key), store.get(documentKey(profileId))]);
    if (found === undefined || profile === undefined) {
      return refuse('InvalidParameter', `The access control profile '${id}' does not exist.`, { target });
    }
    const { properties: its } = profile.body;
    const isFor = isJsonObject(its) ? its['applicableHostEndpoint'] : undefined;
    if (isFor === endpointTypes[endpoint]) continue;
    const message = `The access control profile '${id}' is for the endpoint '${String(isFor)}' and cannot be used for '${endpointTypes[endpoint]}'.`;
    return refuse('InvalidParameter', message, { target });
  }
  return undefined;
}

/** The permission to read what a machine newly refers to. */
export function linkedProfiles(before: Json | undefined, asked: Json | undefined): readonly LinkedCheck[] {
  const known = new Set(targetsOf(before).map(({ key }) => key));
  return targetsOf(asked)
    .filter(({ key }) => !known.has(key))
    .map(({ key, version }) => ({
      action: `Microsoft.Compute/galleries/inVMAccessControlProfiles/${version === undefined ? '' : 'versions/'}read`,
      scope: key,
    }));
}

function targetsOf(properties: Json | undefined) {
  return referencesOf(properties).flatMap(({ endpoint, id }) => {
    const reference = parseProfileReference(id);
    if (reference === undefined) return [];
    const { profileId, version } = reference;
    const key = documentKey(foldId(version === undefined ? profileId : `${profileId}/versions/${version}`));
    return [{ endpoint, id, key, profileId, version }];
  });
}

function markOf(key: string): DocumentKey {
  return documentKey(`/access/used${key}`);
}
