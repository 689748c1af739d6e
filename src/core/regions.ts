/** One Azure region, with the facts that `GET /subscriptions/{id}/locations` shows. */
export interface Region {
  readonly name: string;
  readonly displayName: string;
  readonly geography: string;
  readonly geographyGroup: string;
  /** Degrees, as strings on the wire. */
  readonly latitude: string;
  readonly longitude: string;
  readonly physicalLocation: string;
  /** Recommended regions are those with availability zones. */
  readonly category: 'Recommended' | 'Other';
  readonly paired?: string;
}

/** A row of the table: name, display name, geography, geography group, latitude, longitude, place, pair. */
type Row = readonly [string, string, string, string, string, string, string, string?];

/** @see https://learn.microsoft.com/azure/reliability/regions-list */
const recommended: readonly Row[] = [
  ['eastus', 'East US', 'United States', 'US', '37.3719', '-79.8164', 'Virginia', 'westus'],
  ['eastus2', 'East US 2', 'United States', 'US', '36.6681', '-78.3889', 'Virginia', 'centralus'],
  ['southcentralus', 'South Central US', 'United States', 'US', '29.4167', '-98.5', 'Texas', 'northcentralus'],
  ['westus2', 'West US 2', 'United States', 'US', '47.233', '-119.852', 'Washington', 'westcentralus'],
  ['westus3', 'West US 3', 'United States', 'US', '33.448376', '-112.074036', 'Phoenix', 'eastus'],
  ['centralus', 'Central US', 'United States', 'US', '41.5908', '-93.6208', 'Iowa', 'eastus2'],
  [
    'australiaeast',
    'Australia East',
    'Australia',
    'Asia Pacific',
    '-33.86',
    '151.2094',
    'New South Wales',
    'australiasoutheast',
  ],
  ['southeastasia', 'Southeast Asia', 'Asia Pacific', 'Asia Pacific', '1.283', '103.833', 'Singapore', 'eastasia'],
  ['eastasia', 'East Asia', 'Asia Pacific', 'Asia Pacific', '22.267', '114.188', 'Hong Kong', 'southeastasia'],
  ['northeurope', 'North Europe', 'Europe', 'Europe', '53.3478', '-6.2597', 'Ireland', 'westeurope'],
  ['westeurope', 'West Europe', 'Europe', 'Europe', '52.3667', '4.9', 'Netherlands', 'northeurope'],
  ['swedencentral', 'Sweden Central', 'Sweden', 'Europe', '60.67488', '17.14127', 'Gävle', 'swedensouth'],
  ['uksouth', 'UK South', 'United Kingdom', 'Europe', '50.941', '-0.799', 'London', 'ukwest'],
  ['francecentral', 'France Central', 'France', 'Europe', '46.3772', '2.373', 'Paris', 'francesouth'],
  [
    'germanywestcentral',
    'Germany West Central',
    'Germany',
    'Europe',
    '50.110924',
    '8.682127',
    'Frankfurt',
    'germanynorth',
  ],
  ['norwayeast', 'Norway East', 'Norway', 'Europe', '59.913868', '10.752245', 'Norway', 'norwaywest'],
  [
    'switzerlandnorth',
    'Switzerland North',
    'Switzerland',
    'Europe',
    '47.451542',
    '8.564572',
    'Zurich',
    'switzerlandwest',
  ],
  ['italynorth', 'Italy North', 'Italy', 'Europe', '45.46888', '9.18109', 'Milan'],
  ['polandcentral', 'Poland Central', 'Poland', 'Europe', '52.23334', '21.01666', 'Warsaw'],
  ['spaincentral', 'Spain Central', 'Spain', 'Europe', '40.4259', '-3.4209', 'Madrid'],
  ['centralindia', 'Central India', 'India', 'Asia Pacific', '18.5822', '73.9197', 'Pune', 'southindia'],
  ['japaneast', 'Japan East', 'Japan', 'Asia Pacific', '35.68', '139.77', 'Tokyo, Saitama', 'japanwest'],
  ['koreacentral', 'Korea Central', 'Korea', 'Asia Pacific', '37.5665', '126.978', 'Seoul', 'koreasouth'],
  ['canadacentral', 'Canada Central', 'Canada', 'Canada', '43.653', '-79.383', 'Toronto', 'canadaeast'],
  ['brazilsouth', 'Brazil South', 'Brazil', 'South America', '-23.55', '-46.633', 'Sao Paulo State', 'southcentralus'],
  [
    'southafricanorth',
    'South Africa North',
    'South Africa',
    'Africa',
    '-25.73134',
    '28.21837',
    'Johannesburg',
    'southafricawest',
  ],
  ['uaenorth', 'UAE North', 'UAE', 'Middle East', '25.266666', '55.316666', 'Dubai', 'uaecentral'],
  ['qatarcentral', 'Qatar Central', 'Qatar', 'Middle East', '25.551462', '51.439327', 'Doha'],
  ['israelcentral', 'Israel Central', 'Israel', 'Middle East', '31.2655698', '33.4506633', 'Israel'],
  ['mexicocentral', 'Mexico Central', 'Mexico', 'Mexico', '20.588818', '-100.389888', 'Querétaro State'],
  ['newzealandnorth', 'New Zealand North', 'New Zealand', 'Asia Pacific', '-36.84853', '174.76349', 'Auckland'],
];

/** @see https://learn.microsoft.com/azure/reliability/regions-list */
const other: readonly Row[] = [
  ['northcentralus', 'North Central US', 'United States', 'US', '41.8819', '-87.6278', 'Illinois', 'southcentralus'],
  ['westus', 'West US', 'United States', 'US', '37.783', '-122.417', 'California', 'eastus'],
  ['westcentralus', 'West Central US', 'United States', 'US', '40.89', '-110.234', 'Wyoming', 'westus2'],
  [
    'australiasoutheast',
    'Australia Southeast',
    'Australia',
    'Asia Pacific',
    '-37.8136',
    '144.9631',
    'Victoria',
    'australiaeast',
  ],
  [
    'australiacentral',
    'Australia Central',
    'Australia',
    'Asia Pacific',
    '-35.3075',
    '149.1244',
    'Canberra',
    'australiacentral2',
  ],
  [
    'australiacentral2',
    'Australia Central 2',
    'Australia',
    'Asia Pacific',
    '-35.3075',
    '149.1244',
    'Canberra',
    'australiacentral',
  ],
  ['swedensouth', 'Sweden South', 'Sweden', 'Europe', '55.6059', '13.0007', 'Malmö', 'swedencentral'],
  ['ukwest', 'UK West', 'United Kingdom', 'Europe', '53.427', '-3.084', 'Cardiff', 'uksouth'],
  ['francesouth', 'France South', 'France', 'Europe', '43.8345', '2.1972', 'Marseille', 'francecentral'],
  ['germanynorth', 'Germany North', 'Germany', 'Europe', '53.073635', '8.806422', 'Berlin', 'germanywestcentral'],
  ['norwaywest', 'Norway West', 'Norway', 'Europe', '58.969975', '5.733107', 'Norway', 'norwayeast'],
  [
    'switzerlandwest',
    'Switzerland West',
    'Switzerland',
    'Europe',
    '46.204391',
    '6.143158',
    'Geneva',
    'switzerlandnorth',
  ],
  ['southindia', 'South India', 'India', 'Asia Pacific', '12.9822', '80.1636', 'Chennai', 'centralindia'],
  ['japanwest', 'Japan West', 'Japan', 'Asia Pacific', '34.6939', '135.5022', 'Osaka', 'japaneast'],
  ['koreasouth', 'Korea South', 'Korea', 'Asia Pacific', '35.1796', '129.0756', 'Busan', 'koreacentral'],
  ['canadaeast', 'Canada East', 'Canada', 'Canada', '46.817', '-71.217', 'Quebec', 'canadacentral'],
  [
    'southafricawest',
    'South Africa West',
    'South Africa',
    'Africa',
    '-34.075691',
    '18.843266',
    'Cape Town',
    'southafricanorth',
  ],
  ['uaecentral', 'UAE Central', 'UAE', 'Middle East', '24.466667', '54.366669', 'Abu Dhabi', 'uaenorth'],
];

function regionOf(category: Region['category'], row: Row): Region {
  const [name, displayName, geography, geographyGroup, latitude, longitude, physicalLocation, paired] = row;
  const facts = { name, displayName, geography, geographyGroup, latitude, longitude, physicalLocation, category };
  return paired === undefined ? facts : { ...facts, paired };
}

/** Every region that resources may name. */
export const regions: readonly Region[] = [
  ...recommended.map((row) => regionOf('Recommended', row)),
  ...other.map((row) => regionOf('Other', row)),
];

const byName: ReadonlyMap<string, Region> = new Map(regions.map((region) => [region.name, region]));

/** The region that a location names, without regard to case and spaces: `East US` is `eastus`. */
export function findRegion(location: string): Region | undefined {
  return byName.get(location.replace(/ /g, '').toLowerCase());
}
