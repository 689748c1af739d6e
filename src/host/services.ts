import { openAccessGuard } from '../access/open-access-guard.ts';
import { openActivityLog } from '../activity-log/activity-log.ts';
import { type ResourceManagerApp, resourceManagerApp } from '../arm/app.ts';
import { openAuthorizer } from '../arm/authorize/open-authorizer.ts';
import { openScopeHierarchy } from '../arm/containers/scope-hierarchy.ts';
import { catalogOf } from '../arm/generic/catalog.ts';
import { openMachines } from '../arm/machines-view.ts';
import type { InnerDoor, Provider, ProviderContext } from '../arm/provider-contract.ts';
import { authorization } from '../arm/providers/Microsoft.Authorization/authorization.ts';
import {
  type AssignmentLimits,
  type AuthorizationParts,
  azureLimits,
} from '../arm/providers/Microsoft.Authorization/authorization-context.ts';
import { roleAssignmentWrites } from '../arm/providers/Microsoft.Authorization/role-assignments/role-assignment-writes.ts';
import { builtInRoles, ownerRoleId } from '../arm/providers/Microsoft.Authorization/role-definitions/built-in-roles.ts';
import { compute } from '../arm/providers/Microsoft.Compute/provider.ts';
import { insights } from '../arm/providers/Microsoft.Insights/insights.ts';
import { managedIdentity } from '../arm/providers/Microsoft.ManagedIdentity/provider.ts';
import { management } from '../arm/providers/Microsoft.Management/provider.ts';
import { resources } from '../arm/providers/Microsoft.Resources/provider.ts';
import { subscriptions } from '../arm/providers/Microsoft.Subscription/provider.ts';
import type { CertificateAuthority } from '../core/ports/certificate-authority.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { MachineHost } from '../core/ports/machine-host.ts';
import type { MachineView } from '../core/ports/machines.ts';
import type { PlanOwner } from '../core/ports/plan-owner.ts';
import type { Random } from '../core/ports/random.ts';
import type { CurrentRealism } from '../core/ports/realism.ts';
import { azureNotices, type Notices } from '../core/ports/scheduled-events.ts';
import type { SignInReader, SignInRecorder } from '../core/ports/sign-in-log.ts';
import type { Store } from '../core/ports/store.ts';
import type { TrustedIssuer } from '../core/token/issuer-trust.ts';
import { openDirectory } from '../directory/directory.ts';
import { graphOnDemand } from '../directory/graph/graph-on-demand.ts';
import { originApp } from '../http/origin-app.ts';
import { type Gate, openGate } from '../imds/gate.ts';
import { openMachineTokens } from '../imds/machine-tokens.ts';
import { metadataServer } from '../imds/metadata-server.ts';
import { openMetadataService } from '../imds/metadata-service.ts';
import { openScheduledEvents } from '../imds/scheduled-events/scheduled-events.ts';
import { openTokenService } from '../sts/token-service.ts';
import type { LogEntry } from './configuration.ts';
import type { OriginDoors } from './listeners.ts';
import { certificateMaker } from './tls/certificate-maker.ts';

/** The directory with what only its owner may do. */
export type DirectoryOf = Awaited<ReturnType<typeof openDirectory>>;

/** What the services are wired over. `origin` is asked for each request: the port is known once the listener has it. */
export interface ServicePorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly origin: () => string;
  readonly machineHost: MachineHost;
  /** Signs what machines show to others: attested documents. */
  readonly authority: CertificateAuthority;
  /** Where each token that a machine gets is recorded first. */
  readonly signIns: SignInRecorder & SignInReader;
  readonly log: (entry: LogEntry) => void;
  /** How long machines are told before what happens to them; default Azure's. */
  readonly notices?: Notices;
  /** Whose assertions may be verified by asking their issuer; default nobody's. */
  readonly trustedIssuers?: readonly TrustedIssuer[];
  /** How many days a signing key signs; default 90. */
  readonly keyDays?: number;
  /** In which ways Postern is like Azure; default in none. */
  readonly realism?: CurrentRealism;
  /** Default: Azure's. */
  readonly roleAssignmentLimits?: AssignmentLimits;
}

/** Every service, wired. */
export type Services = Awaited<ReturnType<typeof openServices>>;

/** Opens the services in the order in which they need each other, over one store. */
export async function openServices(ports: ServicePorts) {
  const { store, clock, random, origin, machineHost, log } = ports;
  const report = (id: string, error: unknown) => log(failure('request failed', id, error));
  const directory = await openDirectory({ store, clock, random });
  const hierarchy = await openScopeHierarchy(store, directory.tenant.tenantId);
  const machineCertificates = {
    authorityCertificate: ports.authority.certificate,
    machine: (resourceId: string): MachineView | undefined => machines.view(resourceId),
  };
  const [tokens, authorizer, machines] = await Promise.all([
    openTokenService({ ...ports, directory, certificates: certificateMaker, machineCertificates }),
    openAuthorizer({ store, directory, roles: builtInRoles, hierarchy }),
    openMachines({ store, directory }),
  ]);
  const activityLog = openActivityLog({ store, clock });
  const logger = {
    error: (event: string, { requestId, cause }: { readonly [name: string]: unknown }) =>
      log(failure(event, String(requestId), cause)),
  };
  const guard = openAccessGuard({ ...ports, machines, directory });
  const scheduledEvents = openScheduledEvents({ ...ports, notices: ports.notices ?? azureNotices });
  const metadata = metadataServer(
    openMetadataService({
      ...ports,
      scheduledEvents,
      machines,
      issuer: tokens.issuer,
      directory,
      clock,
      random,
      logger,
      guard,
      ...gateOf(ports),
    }),
  );
  const context: ProviderContext = {
    store,
    directory,
    authorizer,
    hierarchy,
    activityLog,
    machineHost,
    scheduledEvents,
    clock,
    random,
  };
  const { verifier } = tokens;
  const limits = ports.roleAssignmentLimits ?? azureLimits;
  const providers = openProviders(context, { register: authorizer, limits, inner: () => arm.inner });
  const { tenantId } = directory.tenant;
  const arm: ResourceManagerApp = resourceManagerApp({
    context,
    verifier,
    providers,
    machines,
    origin,
    tenantId,
    report,
    ...(ports.realism === undefined ? {} : { realism: ports.realism }),
  });
  const app = originApp({
    arm: arm.fetch,
    sts: (request, connection) => tokens.app.fetch(request, connection),
    graph: graphOnDemand({ ...ports, directory, verifier }),
    report,
  });
  const doors: OriginDoors = {
    arm: arm.answer,
    fetch: app.fetch,
    report: (error) => report(random.uuid(), error),
  };
  const { keys } = tokens;
  const machineTokens = openMachineTokens({ ...ports, machines, directory, issuer: tokens.issuer, guard });
  return {
    context,
    machineTokens,
    guard,
    machines,
    scheduledEvents,
    directory,
    keys,
    authorizer,
    hierarchy,
    activityLog,
    metadata,
    arm,
    app,
    doors,
  };
}

/** The gate of IMDS, where there are settings that may narrow it. */
function gateOf({ realism, clock }: ServicePorts): { readonly gate?: Gate } {
  return realism === undefined ? {} : { gate: openGate({ realism, clock }) };
}

/** Waits for the operations in progress and closes what holds anything open. */
export async function closeServices({
  arm,
  scheduledEvents,
  metadata,
  authorizer,
  hierarchy,
  guard,
}: Services): Promise<void> {
  // First those who wait for a machine's consent, which may take a quarter of an hour.
  scheduledEvents.close();
  await arm.drain();
  metadata.close();
  guard.close();
  authorizer.close();
  hierarchy.close();
}

/** Every namespace. The deletion of a group reaches into all of them. */
function openProviders(
  context: ProviderContext,
  parts: Omit<AuthorizationParts, 'catalog'> & { readonly inner: () => InnerDoor },
): readonly Provider[] {
  const catalog = catalogOf(() => providers);
  const planOwner = ownerPlan(context);
  const providers: readonly Provider[] = [
    resources(context, { providers: () => providers, catalog, inner: parts.inner }),
    compute(context),
    managedIdentity(context),
    authorization(context, { ...parts, catalog }),
    management(context, planOwner),
    subscriptions(context, planOwner),
    insights(context),
  ];
  return providers;
}

/** Whoever makes a management group or a subscription owns it. */
function ownerPlan({ directory, random }: ProviderContext): PlanOwner {
  return ({ scope, principalId, now }) =>
    roleAssignmentWrites({
      scope,
      roleDefinitionId: ownerRoleId,
      principalId,
      principalType: directory.principalType(principalId) ?? 'ServicePrincipal',
      name: random.uuid(),
      now,
      createdBy: principalId,
    });
}

function failure(event: string, requestId: string, error: unknown): LogEntry {
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { level: 'error', event, fields: { requestId, cause } };
}
