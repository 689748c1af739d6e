import { nameOf } from '../../../../core/resource-id.ts';
import { badName, badValue, type GalleryKind, galleryType } from './gallery-kind.ts';

const kept = ['description', 'sharingProfile', 'softDeletePolicy'];

/** A gallery: here a container of access control profiles. Its images and applications are not kept. */
export const gallery: GalleryKind = {
  type: galleryType,
  judgeName: (name) =>
    /^(?=.{1,80}$)[A-Za-z0-9](?:[A-Za-z0-9._]*[A-Za-z0-9])?$/.test(name)
      ? undefined
      : badName(name, "it has up to 80 letters, digits, '.' and '_', and begins and ends with a letter or digit"),
  properties: async ({ call, properties }) => {
    const { description } = properties;
    if (description !== undefined && description !== null && typeof description !== 'string') {
      return badValue('properties.description', 'it must be a string');
    }
    const given = Object.entries(properties).filter(([name, value]) => kept.includes(name) && value !== null);
    const uniqueName = `${call.params['subscriptionId']}-${nameOf(call.resourceId).toUpperCase()}`;
    return { ...Object.fromEntries(given), identifier: { uniqueName } };
  },
};
