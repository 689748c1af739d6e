import type { Json, JsonObject } from '../../../../src/core/json.ts';
import { type Ask, openDoor, subscription, type TestDoor, type Told } from '../../kit/door.ts';

export const version = 'api-version=2025-04-01';
export const group = `${subscription}/resourceGroups/rg1`;

/** The id of a deployment of the group. */
export const deploymentId = (name: string, scope = group) =>
  `${scope}/providers/Microsoft.Resources/deployments/${name}`;

export const storageId = (name: string, scope = group) =>
  `${scope}/providers/Microsoft.Storage/storageAccounts/${name}`;

/** A template with some parts. */
export function templateOf(parts: JsonObject): JsonObject {
  return {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    resources: [],
    ...parts,
  };
}

/** A storage account as a template declares it. */
export function storage(name: string, more: JsonObject = {}): JsonObject {
  return {
    type: 'Microsoft.Storage/storageAccounts',
    apiVersion: '2023-01-01',
    name,
    location: 'eastus',
    properties: {},
    ...more,
  };
}

/** A deployment nested in a template. */
export function nested(name: string, properties: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    type: 'Microsoft.Resources/deployments',
    apiVersion: '2022-09-01',
    name,
    properties: { mode: 'Incremental', ...properties },
    ...more,
  };
}

/** What the tests read of an error. */
export interface ToldError {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
  readonly details?: readonly ToldError[];
}

/** A door with a group, and what deploys there. */
export interface DeployingDoor extends TestDoor {
  /** Sends a deployment and answers what it came to: the answer to GET at its end, or the refusal. */
  deploy(template: JsonObject, more?: Deploying): Promise<Told>;
  get(path: string): Promise<Told>;
}

export interface Deploying {
  readonly name?: string;
  readonly scope?: string;
  readonly parameters?: Json;
  readonly mode?: string;
  readonly location?: string;
  readonly ask?: Ask;
}

export async function openDeploying(): Promise<DeployingDoor> {
  const door = await openDoor();
  await door.ask('PUT', `${group}?${version}`, { body: { location: 'eastus', tags: { team: 'blue' } } });
  const get = (path: string) => door.ask('GET', `${path}?${version}`);
  return {
    ...door,
    get,
    deploy: async (template, { name = 'one', scope = group, parameters, mode = 'Incremental', location, ask } = {}) => {
      const id = deploymentId(name, scope);
      const body = { ...(location === undefined ? {} : { location }), properties: { mode, template, parameters } };
      const begun = await door.ask('PUT', `${id}?${version}`, { body, ...ask });
      if (begun.status >= 400) return begun;
      await door.app.idle();
      return get(id);
    },
  };
}

export function propertiesOf({ json }: Told): JsonObject & { readonly error?: ToldError } {
  return json['properties'] as unknown as JsonObject & { readonly error?: ToldError };
}

export function errorOf({ json }: Told): ToldError {
  return json['error'] as unknown as ToldError;
}
