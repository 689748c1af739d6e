import assert from 'node:assert/strict';
import { openAuthorizer } from '../../../../src/arm/authorize/open-authorizer.ts';
import { openScopeHierarchy } from '../../../../src/arm/containers/scope-hierarchy.ts';
import type { Answer, Call, Operation, Provider, ProviderContext } from '../../../../src/arm/provider-contract.ts';
import { authorization } from '../../../../src/arm/providers/Microsoft.Authorization/authorization.ts';
import {
  type AssignmentLimits,
  azureLimits,
} from '../../../../src/arm/providers/Microsoft.Authorization/authorization-context.ts';
import { globalAdministratorAppRole } from '../../../../src/arm/providers/Microsoft.Authorization/elevate-access.ts';
import { builtInRoles } from '../../../../src/arm/providers/Microsoft.Authorization/role-definitions/built-in-roles.ts';
import type { Json, JsonObject } from '../../../../src/core/json.ts';
import type { Directory, PrincipalType } from '../../../../src/core/ports/directory.ts';
import { documentKey } from '../../../../src/core/ports/store.ts';
import type { Refusal } from '../../../../src/core/refusal.ts';
import type { EpochMillis } from '../../../../src/core/time.ts';
import { systemRandom } from '../../../../src/host/system.ts';
import { openSqliteStore } from '../../../../src/store/sqlite/sqlite-store.ts';

export const tenantId = '99999999-0000-0000-0000-000000000009';
export const subscription = '/subscriptions/11111111-0000-0000-0000-000000000001';
export const group1 = `${subscription}/resourceGroups/rg1`;
export const group10 = `${subscription}/resourceGroups/rg10`;
export const vm = `${group1}/providers/Microsoft.Compute/virtualMachines/web-1`;
export const machine = 'aaaaaaaa-0000-4000-8000-000000000001';
export const person = 'bbbbbbbb-0000-4000-8000-000000000002';
export const team = 'cccccccc-0000-4000-8000-000000000003';
export const stranger = 'dddddddd-0000-4000-8000-000000000004';
export const admin = 'eeeeeeee-0000-4000-8000-000000000005';

export const owner = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
export const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
export const contributor = 'b24988ac-6180-42a0-ab88-20f7382dd24c';

const types: Readonly<Record<string, PrincipalType>> = {
  [machine]: 'ServicePrincipal',
  [person]: 'User',
  [team]: 'Group',
};

/** The provider over an in-memory store that holds a subscription, two groups and a machine; `team` contains `person`. */
export async function openProvider(limits: AssignmentLimits = azureLimits) {
  const store = openSqliteStore({ file: ':memory:' });
  const containers = [subscription, group1, group10, vm];
  await store.transact(containers.map((id) => ({ put: documentKey(id), body: { id } })));
  const directory = {
    tenant: { tenantId, displayName: '', defaultDomain: '', createdAt: 0 as EpochMillis },
    principalType: (id: string) => types[id],
    groupsOf: (id: string) => (id === person ? [team] : []),
    servicePrincipal: (id: string) => ({ objectId: id, appRoles: id === admin ? [globalAdministratorAppRole] : [] }),
  } as unknown as Directory;
  const hierarchy = await openScopeHierarchy(store, tenantId);
  const authorizer = await openAuthorizer({ store, directory, roles: builtInRoles, hierarchy });
  const ports = { store, directory, authorizer, hierarchy, random: systemRandom } as Partial<ProviderContext>;
  const catalog = async (): Promise<readonly Provider[]> => [provider];
  const provider = authorization(ports as ProviderContext, { register: authorizer, limits, catalog });
  return { store, hierarchy, provider, authorizer, ...callsOf(provider) };
}

export type OpenProvider = Awaited<ReturnType<typeof openProvider>>;

/** Runs work over an open provider. */
export async function withProvider(
  work: (open: OpenProvider) => Promise<void>,
  limits?: AssignmentLimits,
): Promise<void> {
  const open = await openProvider(limits);
  try {
    await work(open);
  } finally {
    await open.store.close();
  }
}

interface Asked {
  readonly scope: string;
  readonly name?: string;
  readonly body?: Json;
  readonly filter?: string;
  /** Further query parameters. */
  readonly query?: Readonly<Record<string, string>>;
  readonly apiVersion?: string;
  readonly caller?: string;
  readonly now?: number;
}

function callsOf(provider: Provider) {
  const send = (type: string, method: string, asked: Asked) => {
    const operation = operationOf(provider, type, method, asked.name !== undefined);
    return operation.handle(callOf(operation, type, asked));
  };
  const assignments = (method: string) => (asked: Asked) => send('roleAssignments', method, asked);
  return {
    send,
    linked: async (type: string, method: string, asked: Asked) => {
      const operation = operationOf(provider, type, method, asked.name !== undefined);
      return operation.linked?.(callOf(operation, type, asked));
    },
    attributes: async (type: string, method: string, asked: Asked) => {
      const operation = operationOf(provider, type, method, asked.name !== undefined);
      return operation.attributes?.(callOf(operation, type, asked));
    },
    putRole: (asked: Asked) => send('roleDefinitions', 'PUT', asked),
    removeRole: (asked: Asked) => send('roleDefinitions', 'DELETE', asked),
    put: assignments('PUT'),
    get: assignments('GET'),
    remove: assignments('DELETE'),
    roles: (asked: Asked) => send('roleDefinitions', 'GET', asked),
    permissions: (asked: Asked) => send('permissions', 'GET', asked),
    denials: (asked: Asked) => send('denyAssignments', 'GET', asked),
    assign: async (asked: Asked & { readonly role: string; readonly principal: string }) =>
      bodyOf(await send('roleAssignments', 'PUT', { ...asked, body: wanted(asked.role, asked.principal) })),
  };
}

function operationOf(provider: Provider, type: string, method: string, isOne: boolean): Operation {
  const resourceType = provider.resourceTypes.find((one) => one.type === type);
  const found = resourceType?.operations.find((one) => one.method === method && one.path.endsWith('}') === isOne);
  assert.ok(found, `${method} ${type}`);
  return found;
}

function callOf(operation: Operation, type: string, asked: Asked): Call {
  const above = asked.scope === '/' ? '' : asked.scope;
  const collection = `${above}/providers/Microsoft.Authorization/${type}`;
  const parameter = /\{(\w+)\}$/.exec(operation.path)?.[1];
  const named = asked.name !== undefined && parameter !== undefined ? { [parameter]: asked.name } : {};
  return {
    caller: { objectId: asked.caller ?? admin, appId: 'client' } as Call['caller'],
    params: { scope: asked.scope, ...named },
    resourceId: asked.name === undefined ? collection : `${collection}/${asked.name}`,
    apiVersion: asked.apiVersion ?? '2022-04-01',
    query: new Map([
      ...Object.entries(asked.query ?? {}),
      ...(asked.filter === undefined ? [] : ([['$filter', asked.filter]] as const)),
    ]),
    body: asked.body,
    now: (asked.now ?? 0) as EpochMillis,
    facts: { now: (asked.now ?? 0) as EpochMillis },
    origin: 'https://localhost:8443',
    correlationId: 'c',
    link: (query) => `?${new URLSearchParams(query)}`,
  };
}

/** The body of a PUT. */
export function wanted(role: string, principalId: string, more: JsonObject = {}): JsonObject {
  const roleDefinitionId = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
  return { properties: { roleDefinitionId, principalId, ...more } };
}

/** A GUID made from a number. */
export function guid(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** The body of an answer that must not be a refusal. */
export function bodyOf(answer: Answer | Refusal): { readonly properties: JsonObject } & JsonObject {
  assert.ok(!('refused' in answer), 'refused' in answer ? `${answer.refused}: ${answer.message}` : '');
  return answer.body as { readonly properties: JsonObject } & JsonObject;
}

/** The `value` of a list. */
export function listOf(answer: Answer | Refusal): readonly ({ readonly properties: JsonObject } & JsonObject)[] {
  return bodyOf(answer)['value'] as unknown as readonly ({ readonly properties: JsonObject } & JsonObject)[];
}

/** A refusal's code and message. */
export function refusalOf(answer: Answer | Refusal): readonly [string, string] {
  assert.ok('refused' in answer, 'refused');
  return [answer.refused, answer.message];
}
