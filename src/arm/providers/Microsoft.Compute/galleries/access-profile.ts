import type { Json, JsonObject } from '../../../../core/json.ts';
import type { Refusal } from '../../../../core/refusal.ts';
import { isRefusal } from '../../../../core/refusal.ts';
import { changeNotAllowed } from '../machine-refusals.ts';
import { badName, badValue, type GalleryKind, galleryType } from './gallery-kind.ts';

/** The full type of an in-VM access control profile. */
export const profileType = `${galleryType}/inVMAccessControlProfiles`;

const fixed = { osType: ['Windows', 'Linux'], applicableHostEndpoint: ['WireServer', 'IMDS'] } as const;

/** An in-VM access control profile: what its versions are for. Neither of the two can change. */
export const accessProfile: GalleryKind = {
  type: profileType,
  judgeName: (name) =>
    /^(?=.{1,80}$)[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name)
      ? undefined
      : badName(name, "it has up to 80 letters, digits, '.', '-' and '_', and begins and ends with a letter or digit"),
  properties: async ({ properties, before }) => {
    const { description } = properties;
    if (description !== undefined && description !== null && typeof description !== 'string') {
      return badValue('properties.description', 'it must be a string');
    }
    const kept: Record<string, string> = typeof description === 'string' ? { description } : {};
    for (const [name, words] of Object.entries(fixed)) {
      const value = parseWord(name, properties[name] ?? before?.[name], words);
      if (isRefusal(value)) return value;
      if (before !== undefined && before[name] !== value) return changeNotAllowed(name);
      kept[name] = value;
    }
    return kept satisfies JsonObject;
  },
};

function parseWord(name: string, value: Json | undefined, words: readonly string[]): string | Refusal {
  const found = words.find((word) => word.toLowerCase() === String(value).toLowerCase());
  if (found !== undefined) return found;
  const is = value === undefined || value === null ? 'it is missing' : `'${String(value)}' is unknown`;
  return badValue(`properties.${name}`, `${is}. Use ${words.map((word) => `'${word}'`).join(' or ')}`);
}
