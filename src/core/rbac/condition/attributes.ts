import type { Family } from './operators.ts';
import type { AttributeNode, AttributeSource } from './syntax.ts';

/** What an attribute's values are. `Any`: each has a type of its own. */
export type AttributeType = Family | 'Any';

interface KnownAttribute {
  readonly sources: readonly AttributeSource[];
  readonly type: AttributeType;
}

const assignments = 'Microsoft.Authorization/roleAssignments';
const storage = 'Microsoft.Storage/storageAccounts';
const blobs = `${storage}/blobServices/containers/blobs`;

const requestAndResource = ['Request', 'Resource'] as const;
const entry = (type: AttributeType, ...sources: readonly AttributeSource[]): KnownAttribute => ({ type, sources });

/**
 * The attributes that a condition may name: Azure's published ones, then our own. Of Azure's the role assignments' and the time
 * have values here; the rest are of data services and networks that are not played, and are never known.
 * @see https://learn.microsoft.com/azure/role-based-access-control/conditions-authorization-actions-attributes
 * @see https://learn.microsoft.com/azure/storage/blobs/storage-auth-abac-attributes
 * @see https://learn.microsoft.com/azure/key-vault/general/rbac-abac
 * @see https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions
 */
const known: Readonly<Record<string, KnownAttribute>> = {
  [`${assignments}:RoleDefinitionId`]: entry('Guid', ...requestAndResource),
  [`${assignments}:PrincipalId`]: entry('Guid', ...requestAndResource),
  [`${assignments}:PrincipalType`]: entry('String', ...requestAndResource),
  UtcNow: entry('DateTime', 'Environment'),
  isPrivateLink: entry('Bool', 'Environment'),
  'Microsoft.Network/privateEndpoints': entry('String', 'Environment'),
  'Microsoft.Network/virtualNetworks/subnets': entry('String', 'Environment'),
  [`${storage}:name`]: entry('String', 'Resource'),
  [`${storage}:isHnsEnabled`]: entry('Bool', 'Resource'),
  [`${storage}/encryptionScopes:name`]: entry('String', ...requestAndResource),
  [`${storage}/blobServices/containers:name`]: entry('String', 'Resource'),
  [`${storage}/blobServices/containers:ContainerName`]: entry('String', 'Resource'),
  [`${blobs}:path`]: entry('String', ...requestAndResource),
  [`${blobs}:prefix`]: entry('String', 'Request'),
  [`${blobs}:include`]: entry('String', 'Request'),
  [`${blobs}:snapshot`]: entry('DateTime', 'Request'),
  [`${blobs}:versionId`]: entry('DateTime', 'Request'),
  [`${blobs}:isCurrentVersion`]: entry('Bool', 'Resource'),
  [`${blobs}:blobType`]: entry('String', 'Resource'),
  [`${blobs}/tags&$keys$&`]: entry('String', ...requestAndResource),
  [`${storage}/queueServices/queues:name`]: entry('String', 'Resource'),
  'Microsoft.KeyVault/vaults:name': entry('String', 'Resource'),
  'Microsoft.KeyVault/vaults/secrets:name': entry('String', ...requestAndResource),
  'Microsoft.ContainerRegistry/registries/repositories:name': entry('String', 'Request'),
  'Postern/actor:userName': entry('String', 'Principal'),
  'Postern/actor:uid': entry('Numeric', 'Principal'),
  'Postern/machine:resourceId': entry('String', 'Environment'),
};

/** Attributes with a key of their own, such as blob index tags and custom security attributes. */
const keyed: readonly (KnownAttribute & { readonly name: RegExp; readonly shown: string })[] = [
  {
    name: /^microsoft\.directory\/customsecurityattributes\/id:\w+$/,
    shown: 'Microsoft.Directory/CustomSecurityAttributes/Id:{set}_{attribute}',
    ...entry('Any', 'Principal'),
  },
  {
    name: /^microsoft\.storage\/storageaccounts\/blobservices\/containers\/blobs\/tags:[^<>]+(<\$key_case_sensitive\$>)?$/,
    shown: `${blobs}/tags:{key}<$key_case_sensitive$>`,
    ...entry('String', ...requestAndResource),
  },
  {
    name: /^microsoft\.storage\/storageaccounts\/blobservices\/containers\/metadata:[^<>]+$/,
    shown: `${storage}/blobServices/containers/metadata:{key}`,
    ...entry('String', ...requestAndResource),
  },
];

const byFoldedName: ReadonlyMap<string, KnownAttribute> = new Map(
  Object.entries(known).map(([name, one]) => [name.toLowerCase(), one]),
);

/** What the values of an attribute are; undefined when there is no such attribute of that source. */
export function attributeType({ source, name }: Pick<AttributeNode, 'source' | 'name'>): AttributeType | undefined {
  const folded = name.toLowerCase();
  const found = byFoldedName.get(folded) ?? keyed.find((one) => one.name.test(folded));
  return found?.sources.includes(source) ? found.type : undefined;
}

/** The names of a source's attributes, as the language writes them. */
export function attributeNames(source: AttributeSource): readonly string[] {
  const fixed = Object.entries(known).map(([name, one]) => ({ shown: name, ...one }));
  return [...fixed, ...keyed]
    .filter(({ sources }) => sources.includes(source))
    .map(({ shown }) => `@${source}[${shown}]`);
}
