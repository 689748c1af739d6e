import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import {
  formatManagementGroupId,
  type ManagementGroup,
  managementGroupOf,
} from '../../../core/management/management-group.ts';
import type { ManagementTree } from '../../../core/management/management-tree.ts';
import { refuseMissingGroup } from '../../../core/management/place-group.ts';
import { documentKey } from '../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import type { Answer, Call, ProviderContext } from '../../provider-contract.ts';
import { readTree } from './tree.ts';

/** The tenant's rules for its hierarchy. */
export interface Settings {
  /** Whether a group is made only by who may write the root; default no. */
  readonly requireAuthorizationForGroupCreation?: boolean;
  /** The id of the group in which new groups and subscriptions lie; default the root. */
  readonly defaultManagementGroup?: string;
}

/** Reads the settings; nothing where none were made. */
export async function readSettings({ store, directory }: ProviderContext): Promise<Settings> {
  const stored = await store.get(documentKey(settingsId(directory.tenant.tenantId)));
  return isJsonObject(stored?.body) ? (stored.body as Settings) : {};
}

/** The group in which new groups and subscriptions lie. */
export function defaultGroupOf({ defaultManagementGroup = '' }: Settings, tree: ManagementTree): ManagementGroup {
  const name = managementGroupOf(defaultManagementGroup.toLowerCase());
  return (name === undefined ? undefined : tree.group(name)) ?? tree.root;
}

/** GET of the settings. */
export async function getSettings(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const wrong = checkRoot(context, call);
  if (wrong !== undefined) return wrong;
  return { status: 200, body: showSettings(context, await readSettings(context)) };
}

/** GET of the settings as a list. */
export async function listSettings(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const one = await getSettings(context, call);
  return isRefusal(one) ? one : { status: 200, body: { value: [one.body ?? null] } };
}

/** PUT of the settings. Refuses `BadRequest`, and `NotFound` for a default group that there is not. */
export async function replaceSettings(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  return writeSettings(context, call, {});
}

/** PATCH of the settings: what is left out stays. Refuses as PUT does. */
export async function mergeSettings(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  return writeSettings(context, call, await readSettings(context));
}

async function writeSettings(context: ProviderContext, call: Call, kept: Settings): Promise<Answer | Refusal> {
  const wrong = checkRoot(context, call);
  if (wrong !== undefined) return wrong;
  const given = await parseSettings(context, call);
  if (isRefusal(given)) return given;
  const settings = { ...kept, ...given };
  await context.store.transact([{ put: keyOf(context), body: settings as JsonObject }]);
  return { status: 200, body: showSettings(context, settings) };
}

/** DELETE of the settings: the defaults hold again. */
export async function deleteSettings(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const wrong = checkRoot(context, call);
  if (wrong !== undefined) return wrong;
  await context.store.transact([{ remove: keyOf(context) }]);
  return { status: 200 };
}

/** Only the root has settings. */
function checkRoot({ directory }: ProviderContext, { params }: Call): Refusal | undefined {
  const { tenantId } = directory.tenant;
  if (params['groupId']?.toLowerCase() === tenantId.toLowerCase()) return undefined;
  return refuse(
    'BadRequest',
    `Hierarchy settings are those of the root management group '${tenantId}'; '${params['groupId']}' has none.`,
  );
}

async function parseSettings(context: ProviderContext, { body }: Call): Promise<Settings | Refusal> {
  const given = isJsonObject(body) ? (isJsonObject(body['properties']) ? body['properties'] : body) : {};
  const { requireAuthorizationForGroupCreation: require, defaultManagementGroup: group } = given;
  if (require !== undefined && require !== null && typeof require !== 'boolean') {
    return refuse('BadRequest', "'requireAuthorizationForGroupCreation' must be true or false.");
  }
  const authorization = typeof require === 'boolean' ? { requireAuthorizationForGroupCreation: require } : {};
  if (group === undefined || group === null || group === '') return authorization;
  const written = String(group);
  const name = managementGroupOf(written.toLowerCase()) ?? written;
  const found = (await readTree(context)).group(name);
  return found === undefined ? refuseMissingGroup(name) : { ...authorization, defaultManagementGroup: found.id };
}

/** @see Microsoft.Management swagger 2021-04-01, HierarchySettings */
function showSettings({ directory }: ProviderContext, settings: Settings): JsonObject {
  const { tenantId } = directory.tenant;
  const { requireAuthorizationForGroupCreation = false, defaultManagementGroup } = settings;
  return {
    id: settingsId(tenantId),
    type: 'Microsoft.Management/managementGroups/settings',
    name: 'default',
    properties: {
      tenantId,
      requireAuthorizationForGroupCreation,
      defaultManagementGroup: defaultManagementGroup ?? formatManagementGroupId(tenantId),
    },
  };
}

function settingsId(tenantId: string): string {
  return `${formatManagementGroupId(tenantId)}/settings/default`;
}

function keyOf({ directory }: ProviderContext) {
  return documentKey(settingsId(directory.tenant.tenantId));
}
