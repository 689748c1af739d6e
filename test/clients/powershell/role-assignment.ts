// New-AzRoleAssignment, as AuthorizationClient.cs creates one.

import { randomUUID } from 'node:crypto';
import { graphResource } from './authenticators.ts';
import { checkReads, type Reads } from './check-reads.ts';
import {
  directoryObject,
  graphError,
  oneRoleAssignment,
  oneRoleDefinition,
  oneServicePrincipal,
  oneUser,
  roleDefinitionPage,
  servicePrincipalPage,
} from './reads.ts';
import { send, Unaccepted } from './send.ts';
import { type Cmdlet, type Place, placeOf, type Session } from './session.ts';

const definitionVersion = 'api-version=2022-05-01-preview';
const assignmentVersion = 'api-version=2020-08-01-preview';

interface Principal {
  readonly id: string;
  readonly displayName?: string;
  readonly type: string;
}

interface Definition {
  readonly id: string;
  readonly properties: { readonly roleName: string };
}

interface Assignment {
  readonly id: string;
  readonly name: string;
  readonly properties: {
    readonly scope: string;
    readonly roleDefinitionId: string;
    readonly principalId: string;
    readonly principalType?: string;
    readonly description?: string;
  };
}

/** `-ObjectId` or `-ApplicationId`, `-RoleDefinitionName`, `-Scope`, `-Description`; without -ObjectType the directory is asked. */
export const newRoleAssignment: Cmdlet = async (session, parameters) => {
  const place = await placeOf(session);
  const graph = await openGraph(session);
  const objectId = parameters['ObjectId'] === undefined ? undefined : String(parameters['ObjectId']);
  const principal = await findPrincipal(graph, objectId, parameters['ApplicationId']);
  const principalId = objectId ?? principal?.id;
  if (principalId === undefined) throw new Error("'PrincipalId' cannot be null.");
  const scope = String(parameters['Scope']);
  const role = await findRole(place, scope, String(parameters['RoleDefinitionName']));
  const assignment = await create(place, scope, {
    roleDefinitionId: `${scope.replace(/\/+$/, '')}/providers/Microsoft.Authorization/roleDefinitions/${lastOf(role.id)}`,
    principalId,
    ...(principal === undefined ? {} : { principalType: principal.type }),
    ...(parameters['Description'] === undefined ? {} : { description: parameters['Description'] }),
  });
  return { output: await show(place, graph, assignment), session };
};

interface Graph {
  readonly base: string;
  readonly token: string;
}

async function openGraph({ context, authenticate }: Session): Promise<Graph> {
  if (context === undefined || authenticate === undefined) throw new Error('Run Connect-AzAccount to login.');
  const resource = graphResource(context.environment);
  return { base: `${context.environment.microsoftGraphUrl}/v1.0/`, token: await authenticate(resource) };
}

/** Every refusal of the directory is passed over here: a user, else a service principal, else a group. */
async function findPrincipal(
  graph: Graph,
  objectId: string | undefined,
  applicationId: string | boolean | undefined,
): Promise<Principal | undefined> {
  if (objectId === undefined) {
    const filter = encodeURIComponent(`servicePrincipalNames/any(c: c eq '${applicationId}')`).replace(
      /['()]/g,
      percentEncode,
    );
    const page = await ask<{ value: readonly Principal[] }>(
      graph,
      `servicePrincipals?$filter=${filter}`,
      servicePrincipalPage,
    );
    return page?.value.map((one) => ({ ...one, type: 'ServicePrincipal' }))[0];
  }
  const user = await ask<Principal>(graph, `users/${objectId}`, oneUser);
  if (user !== undefined) return { ...user, type: 'User' };
  const found = await ask<Principal>(graph, `servicePrincipals/${objectId}`, oneServicePrincipal);
  if (found !== undefined) return { ...found, type: 'ServicePrincipal' };
  const any = await readObject(graph, objectId);
  return any?.type === 'Group' ? any : undefined;
}

/** .NET escapes what JavaScript leaves as it is. */
function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

async function findRole({ base, token }: Place, scope: string, name: string): Promise<Definition> {
  const filter = `$filter=roleName%20eq%20'${encodeURIComponent(name)}'`;
  const url = `${base}${scope}/providers/Microsoft.Authorization/roleDefinitions?${filter}&${definitionVersion}`;
  const { body } = await send({ method: 'GET', url, accepts: [200], token });
  const { value } = checkReads<{ value: readonly Definition[] }>(body, roleDefinitionPage);
  const [role, other] = value;
  if (role === undefined) throw new Error(`Cannot find role definition with name '${name}'.`);
  if (other !== undefined) throw new Error(`More than one role definition is named '${name}'.`);
  return role;
}

async function create({ base, token }: Place, scope: string, properties: object): Promise<Assignment> {
  const path = `${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
  const url = `${base}${path}?${assignmentVersion}`;
  const { body } = await send({ method: 'PUT', url, accepts: [200, 201], token, body: { properties } });
  return checkReads<Assignment>(body, oneRoleAssignment);
}

/** The role and the principal are read back; a principal that the caller may not read is shown as Unknown. */
async function show({ base, token }: Place, graph: Graph, { id, name, properties }: Assignment) {
  const url = `${base}${properties.roleDefinitionId}?${definitionVersion}`;
  const { body } = await send({ method: 'GET', url, accepts: [200], token });
  const role = checkReads<Definition>(body, oneRoleDefinition);
  const principal = await readObject(graph, properties.principalId);
  return {
    roleAssignmentName: name,
    roleAssignmentId: id,
    scope: properties.scope,
    displayName: principal?.displayName,
    roleDefinitionName: role.properties.roleName,
    roleDefinitionId: lastOf(properties.roleDefinitionId),
    objectId: properties.principalId,
    objectType: principal?.type ?? 'Unknown',
    description: properties.description,
  };
}

async function readObject(graph: Graph, id: string): Promise<Principal | undefined> {
  const object = await ask<Principal & { '@odata.type': string }>(graph, `directoryObjects/${id}`, directoryObject);
  const name = object?.['@odata.type'].replace('#microsoft.graph.', '') ?? '';
  return object === undefined ? undefined : { ...object, type: `${name.charAt(0).toUpperCase()}${name.slice(1)}` };
}

/** One GET of Microsoft Graph; undefined when it refuses, in a form that the source can read. */
async function ask<T>({ base, token }: Graph, path: string, reads: Reads): Promise<T | undefined> {
  try {
    return checkReads<T>((await send({ method: 'GET', url: `${base}${path}`, accepts: [200], token })).body, reads);
  } catch (error) {
    if (!(error instanceof Unaccepted)) throw error;
    checkReads(error.answer.body, graphError);
    return undefined;
  }
}

function lastOf(id: string): string {
  return id.replace(/\/+$/, '').slice(id.lastIndexOf('/') + 1);
}
