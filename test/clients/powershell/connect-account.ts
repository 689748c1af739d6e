// Connect-AzAccount and its alias Add-AzAccount, as RMProfileClient.cs logs in.

import { managedIdentity, servicePrincipal, systemAccount } from './authenticators.ts';
import { checkReads } from './check-reads.ts';
import { discoverEnvironments } from './environments.ts';
import { oneSubscription, subscriptionPage, tenantPage } from './reads.ts';
import { send } from './send.ts';
import type { Authenticate, Cmdlet, Context, Environment, Session, Subscription } from './session.ts';

const publicMetadata = 'https://management.azure.com/metadata/endpoints?api-version=2022-09-01';
const apiVersion = 'api-version=2021-01-01';

/** How many contexts are made besides the default one. */
const maxContextPopulation = 25;

interface Listed {
  readonly subscriptionId: string;
  readonly displayName: string;
  readonly state: string;
  readonly tenantId: string;
}

/**
 * `-Identity [-AccountId ID] [-Tenant ID] [-Subscription ID] [-Environment NAME]`: asks who the tenants are unless one is named,
 * takes the first active subscription, then lists again to make a context for each. Without any subscription the context has none.
 */
export const connectAccount: Cmdlet = async (before, parameters) => {
  const session = await withPublicCloud(before, parameters);
  const environment = session.environments[String(parameters['Environment'] ?? 'AzureCloud')];
  if (environment === undefined) throw new Error(`No environment is named ${parameters['Environment']}.`);
  const account = String(parameters['AccountId'] ?? parameters['ApplicationId'] ?? systemAccount);
  const authenticate = authenticatorOf(account, environment, parameters);
  const arm = new Tenancy(environment, authenticate);
  const tenant = parameters['Tenant'] === undefined ? undefined : String(parameters['Tenant']);
  const tenants = tenant === undefined ? await arm.tenants() : [tenant];
  const wanted = parameters['Subscription'] === undefined ? undefined : String(parameters['Subscription']);
  const found = await firstSubscription(arm, tenants, wanted);
  if (wanted !== undefined && found === undefined) throw new Error(`Subscription ${wanted} was not found in tenant.`);
  const context: Context = { account, environment, tenant: found?.tenant ?? tenants.at(-1), subscription: found?.one };
  const contexts = await contextsToPopulate(arm, tenant);
  return { output: { ...context, contexts }, session: { ...session, context, authenticate } };
};

/** The clouds are asked for when the module loads, at the public address unless ARM_CLOUD_METADATA_URL names another. */
async function withPublicCloud(session: Session, { Environment }: Readonly<Record<string, unknown>>): Promise<Session> {
  if (Environment !== undefined || session.environments['AzureCloud'] !== undefined) return session;
  const uri = process.env['ARM_CLOUD_METADATA_URL'] ?? publicMetadata;
  const found = (await discoverEnvironments(uri)).map((one) => [one.name, one] as const);
  return { ...session, environments: { ...session.environments, ...Object.fromEntries(found) } };
}

function authenticatorOf(
  account: string,
  { resourceManagerUrl }: Environment,
  parameters: Readonly<Record<string, unknown>>,
): Authenticate {
  if (parameters['Identity'] === true) return managedIdentity(account);
  const origin = new URL(resourceManagerUrl).origin;
  return servicePrincipal(origin, String(parameters['Tenant']), account, String(parameters['Secret']));
}

interface Found {
  readonly one: Subscription;
  readonly tenant: string;
}

/** The one that is wanted, or of each tenant's active ones the first, until one lies in its home tenant. */
async function firstSubscription(
  arm: Tenancy,
  tenants: readonly string[],
  wanted: string | undefined,
): Promise<Found | undefined> {
  let found: Found | undefined;
  for (const tenant of tenants) {
    const listed = wanted === undefined ? await arm.subscriptions() : [await arm.subscription(wanted)];
    const [one] = listed.filter(({ state }) => wanted !== undefined || /^(enabled|warned)$/i.test(state));
    if (one !== undefined) found = { one, tenant };
    if (one?.homeTenant === tenant) break;
  }
  return found;
}

async function contextsToPopulate(arm: Tenancy, tenant: string | undefined): Promise<readonly string[]> {
  const tenants = tenant === undefined ? await arm.tenants() : [tenant];
  const lists = await Promise.all(tenants.map(() => arm.subscriptions()));
  return lists
    .flat()
    .slice(0, maxContextPopulation)
    .map(({ id }) => id);
}

/** `SubscriptionClientWrapper.cs`: the tenants and subscriptions of an account. */
class Tenancy {
  readonly #base: string;
  readonly #token: () => Promise<string>;

  constructor({ resourceManagerUrl, serviceEndpointResourceId }: Environment, authenticate: Authenticate) {
    this.#base = resourceManagerUrl.replace(/\/*$/, '');
    this.#token = () => authenticate(serviceEndpointResourceId);
  }

  async tenants(): Promise<readonly string[]> {
    const body = await this.#get('/tenants');
    return checkReads<{ value: readonly { tenantId: string }[] }>(body, tenantPage).value.map((one) => one.tenantId);
  }

  async subscriptions(): Promise<readonly Subscription[]> {
    const body = await this.#get('/subscriptions');
    return checkReads<{ value: readonly Listed[] }>(body, subscriptionPage).value.map(toSubscription);
  }

  async subscription(id: string): Promise<Subscription> {
    const body = await this.#get(`/subscriptions/${encodeURIComponent(id)}`);
    return toSubscription(checkReads<Listed>(body, oneSubscription));
  }

  async #get(path: string): Promise<unknown> {
    const url = `${this.#base}${path}?${apiVersion}`;
    return (await send({ method: 'GET', url, accepts: [200], token: await this.#token() })).body;
  }
}

function toSubscription({ subscriptionId, displayName, state, tenantId }: Listed): Subscription {
  return { id: subscriptionId, name: displayName, state, homeTenant: tenantId };
}
