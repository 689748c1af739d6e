import type { MachineView } from '../core/ports/machines.ts';
import { parseResourceId } from '../core/resource-id.ts';
import type { Branch } from './instance-element.ts';
import { describeStorage } from './instance-storage.ts';
import { ResourceReader } from './resource-reader.ts';
import { scaleSetPlace } from './scale-set-place.ts';

/**
 * The instance document of a machine in its newest version, names in alphabetical order as Azure's samples have them.
 * @see https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service "Get instance metadata"
 */
export function describeInstance(view: MachineView): Branch {
  const resource = new ResourceReader(view.resource);
  return { compute: describeCompute(view, resource), network: describeNetwork(resource) };
}

function describeCompute(view: MachineView, resource: ResourceReader): Branch {
  const properties = resource.at('properties');
  const image = properties.at('storageProfile', 'imageReference');
  const id = parseResourceId(view.resourceId);
  const place = scaleSetPlace(id, resource);
  const location = resource.text('location');
  const zone = resource.list('zones')[0]?.text() ?? '';
  const tags = resource.entries('tags');
  return {
    additionalCapabilities: { hibernationEnabled: properties.flag('additionalCapabilities', 'hibernationEnabled') },
    azEnvironment: 'AzurePublicCloud',
    customData: '',
    evictionPolicy: properties.text('evictionPolicy'),
    extendedLocation: {
      name: resource.text('extendedLocation', 'name'),
      type: resource.text('extendedLocation', 'type'),
    },
    host: { id: properties.text('host', 'id') },
    hostGroup: { id: properties.text('hostGroup', 'id') },
    isHostCompatibilityLayerVm: 'false',
    licenseType: properties.text('licenseType'),
    location,
    name: place.name,
    offer: image.text('offer'),
    osProfile: describeOs(properties),
    // Every machine is one: what its document says of the disk's system counts, but need not be there.
    osType: properties.text('storageProfile', 'osDisk', 'osType') || 'Linux',
    // As `availabilityZoneMappings` of a subscription's locations names them.
    physicalZone: zone === '' ? '' : `${location}-az${zone}`,
    placementGroupId: '',
    plan: {
      name: resource.text('plan', 'name'),
      product: resource.text('plan', 'product'),
      publisher: resource.text('plan', 'publisher'),
    },
    platformFaultDomain: properties.text('platformFaultDomain') || '0',
    platformSubFaultDomain: '',
    platformUpdateDomain: '0',
    priority: properties.text('priority'),
    provider: 'Microsoft.Compute',
    publicKeys: properties.list('osProfile', 'linuxConfiguration', 'ssh', 'publicKeys').map((key) => ({
      keyData: key.text('keyData'),
      path: key.text('path'),
    })),
    publisher: image.text('publisher'),
    resourceGroupName: id?.resourceGroupName ?? '',
    resourceId: view.resourceId,
    securityProfile: describeSecurity(properties),
    sku: image.text('sku'),
    storageProfile: describeStorage(properties),
    subscriptionId: id?.subscriptionId ?? '',
    tags: tags.map(([name, value]) => `${name}:${value}`).join(';'),
    tagsList: tags.map(([name, value]) => ({ name, value })),
    userData: properties.text('userData'),
    version: image.text('exactVersion') || image.text('version'),
    virtualMachineScaleSet: { id: place.scaleSetId },
    vmId: view.vmId,
    vmScaleSetName: place.vmScaleSetName,
    vmSize: properties.text('hardwareProfile', 'vmSize'),
    zone,
  };
}

function describeOs(properties: ResourceReader): Branch {
  return {
    adminUsername: properties.text('osProfile', 'adminUsername'),
    computerName: properties.text('osProfile', 'computerName'),
    disablePasswordAuthentication: properties.flag('osProfile', 'linuxConfiguration', 'disablePasswordAuthentication'),
  };
}

function describeSecurity(properties: ResourceReader): Branch {
  const security = properties.at('securityProfile');
  return {
    encryptionAtHost: security.flag('encryptionAtHost'),
    secureBootEnabled: security.flag('uefiSettings', 'secureBootEnabled'),
    securityType: security.text('securityType'),
    virtualTpmEnabled: security.flag('uefiSettings', 'vTpmEnabled'),
  };
}

/** One entry for each network interface, and always the primary one; a machine has no addresses beside loopback's. */
function describeNetwork(resource: ResourceReader): Branch {
  const declared = resource.list('properties', 'networkProfile', 'networkInterfaces').length;
  const blank = {
    ipv4: {
      ipAddress: [{ privateIpAddress: '', publicIpAddress: '' }],
      subnet: [{ address: '', prefix: '' }],
    },
    ipv6: { ipAddress: [] },
    macAddress: '',
  };
  return { interface: Array.from({ length: Math.max(1, declared) }, () => blank) };
}
