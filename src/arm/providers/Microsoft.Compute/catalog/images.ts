import type { JsonObject } from '../../../../core/json.ts';

/** An image of a publisher's offer, by its SKU. Here it installs nothing: a sandbox shows its host's system. */
export interface Image {
  readonly sku: string;
  readonly architecture: 'x64' | 'Arm64';
  readonly hyperVGeneration: 'V1' | 'V2';
  readonly operatingSystem: 'Linux' | 'Windows';
}

/** The images by publisher and offer, in the spelling that Azure has. */
export type Images = ReadonlyMap<string, ReadonlyMap<string, readonly Image[]>>;

/** The version of every image. */
export const imageVersion = '2026.1.15';

let loaded: Promise<Images> | undefined;

/** Loads the list that is shipped, once; it names its sources. */
export function loadImages(): Promise<Images> {
  loaded ??= import('./images.json', { with: { type: 'json' } }).then((module) => imagesOf(module.default.images));
  return loaded;
}

function imagesOf(publishers: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>): Images {
  return new Map(
    Object.entries(publishers).map(([publisher, offers]) => {
      const operatingSystem = publisher === 'MicrosoftWindowsServer' ? 'Windows' : 'Linux';
      const read = Object.entries(offers).map(
        ([offer, rows]) => [offer, rows.map((row) => parseRow(row, operatingSystem))] as const,
      );
      return [publisher, new Map(read)];
    }),
  );
}

/** A row is a SKU, with `*` before it for Arm64 and `!` behind it for generation 1. */
function parseRow(row: string, operatingSystem: Image['operatingSystem']): Image {
  return {
    sku: row.replace(/^\*|!$/g, ''),
    architecture: row.startsWith('*') ? 'Arm64' : 'x64',
    hyperVGeneration: row.endsWith('!') ? 'V1' : 'V2',
    operatingSystem,
  };
}

/** What is said of one version of an image. */
export function describeImage({ architecture, hyperVGeneration, operatingSystem }: Image): JsonObject {
  return {
    architecture,
    hyperVGeneration,
    osDiskImage: { operatingSystem, sizeInGb: operatingSystem === 'Windows' ? 127 : 30 },
    dataDiskImages: [],
    automaticOSUpgradeProperties: { automaticOSUpgradeSupported: false },
    disallowed: { vmDiskType: 'None' },
    features: [],
    replicaType: 'Managed',
    imageDeprecationStatus: { imageState: 'Active' },
  };
}
