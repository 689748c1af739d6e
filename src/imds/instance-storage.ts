import type { Branch } from './instance-element.ts';
import type { ResourceReader } from './resource-reader.ts';

/**
 * The storage part of the instance document.
 * @see https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service "Storage profile"
 */
export function describeStorage(properties: ResourceReader): Branch {
  const storage = properties.at('storageProfile');
  const image = storage.at('imageReference');
  return {
    dataDisks: storage.list('dataDisks').map(describeDataDisk),
    imageReference: {
      communityGalleryImageId: image.text('communityGalleryImageId'),
      exactVersion: image.text('exactVersion'),
      id: image.text('id'),
      offer: image.text('offer'),
      publisher: image.text('publisher'),
      sharedGalleryImageId: image.text('sharedGalleryImageId'),
      sku: image.text('sku'),
      version: image.text('version'),
    },
    osDisk: describeOsDisk(storage.at('osDisk')),
    // A machine has no temporary disk: in KB.
    resourceDisk: { size: '0' },
  };
}

/** What only ultra disks are told of is `''` for the others. */
function describeDataDisk(disk: ResourceReader): Branch {
  const isUltra = disk.text('managedDisk', 'storageAccountType') === 'UltraSSD_LRS';
  return {
    bytesPerSecondThrottle: isUltra ? scaled(disk.text('diskMBpsReadWrite'), 1_000_000) : '',
    ...describeDisk(disk),
    diskCapacityBytes: isUltra ? scaled(disk.text('diskSizeGB'), 1_073_741_824) : '',
    isSharedDisk: isUltra ? 'false' : '',
    isUltraDisk: isUltra ? 'true' : 'false',
    lun: disk.text('lun'),
    opsPerSecondThrottle: isUltra ? disk.text('diskIOPSReadWrite') : '',
  };
}

function scaled(number: string, unit: number): string {
  return number === '' ? '' : String(Number(number) * unit);
}

function describeOsDisk(disk: ResourceReader): Branch {
  return {
    ...describeDisk(disk),
    diffDiskSettings: { option: disk.text('diffDiskSettings', 'option') },
    encryptionSettings: {
      diskEncryptionKey: {
        secretUrl: disk.text('encryptionSettings', 'diskEncryptionKey', 'secretUrl'),
        sourceVault: { id: disk.text('encryptionSettings', 'diskEncryptionKey', 'sourceVault', 'id') },
      },
      enabled: disk.flag('encryptionSettings', 'enabled'),
      keyEncryptionKey: {
        keyUrl: disk.text('encryptionSettings', 'keyEncryptionKey', 'keyUrl'),
        sourceVault: { id: disk.text('encryptionSettings', 'keyEncryptionKey', 'sourceVault', 'id') },
      },
    },
    osType: disk.text('osType') || 'Linux',
  };
}

/** What an operating-system disk and a data disk have in common. */
function describeDisk(disk: ResourceReader): Branch {
  return {
    caching: disk.text('caching'),
    createOption: disk.text('createOption'),
    diskSizeGB: disk.text('diskSizeGB'),
    image: { uri: disk.text('image', 'uri') },
    managedDisk: {
      id: disk.text('managedDisk', 'id'),
      storageAccountType: disk.text('managedDisk', 'storageAccountType'),
    },
    name: disk.text('name'),
    vhd: { uri: disk.text('vhd', 'uri') },
    writeAcceleratorEnabled: disk.flag('writeAcceleratorEnabled'),
  };
}
