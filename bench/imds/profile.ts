import type { ResourceManager } from '../arm/resource-manager.ts';

const ruleCount = 100;
const path = '/metadata/identity/oauth2/token';

/**
 * Makes an access control profile of 100 rules, each a privilege for the tokens of one resource, a role, an identity and its
 * assignment: the last one lets this user have Resource Manager's, the others are of other users for other applications. Answers
 * the `proxyAgentSettings` of a machine that it guards.
 */
export async function putProfile({ put }: ResourceManager, group: string, userName: string) {
  const gallery = `${group}/providers/Microsoft.Compute/galleries/access`;
  const profile = `${gallery}/inVMAccessControlProfiles/bench`;
  const version = `${profile}/versions/1.0.0`;
  const location = 'westeurope';
  const [galleryVersion, profileVersion] = ['2024-03-03', '2024-03-03'];
  await put(`${gallery}?api-version=${galleryVersion}`, { location });
  const about = { osType: 'Linux', applicableHostEndpoint: 'IMDS' };
  await put(`${profile}?api-version=${profileVersion}`, { location, properties: about });
  const properties = { mode: 'Enforce', defaultAccess: 'Deny', rules: rulesOf(userName) };
  await put(`${version}?api-version=${profileVersion}`, { location, properties });
  return { enabled: true, imds: { inVMAccessControlProfileReferenceId: version } };
}

function rulesOf(userName: string) {
  const others = Array.from({ length: ruleCount - 1 }, (_, at) => ({
    name: `${at}`,
    resource: `api://app-${at}`,
    userName: `user-${at}`,
  }));
  const rules = [...others, { name: 'last', resource: 'https://management.azure.com', userName }];
  return {
    privileges: rules.map(({ name, resource }) => ({ name: `p${name}`, path, queryParameters: { resource } })),
    roles: rules.map(({ name }) => ({ name: `r${name}`, privileges: [`p${name}`] })),
    identities: rules.map(({ name, userName: owner }) => ({ name: `i${name}`, userName: owner })),
    roleAssignments: rules.map(({ name }) => ({ role: `r${name}`, identities: [`i${name}`] })),
  };
}
