import type { Clock } from '../core/ports/clock.ts';
import type { Directory, ServicePrincipal } from '../core/ports/directory.ts';
import type { Random } from '../core/ports/random.ts';
import type { Application } from './application.ts';
import { makeSecret } from './secret.ts';

/** What making principals needs. */
interface MakingPorts {
  readonly clock: Clock;
  readonly random: Random;
}

/** What an application principal is made of. */
export interface ApplicationRequest {
  readonly displayName: string;
  /** Application permissions on Microsoft Graph, such as `Directory.Read.All`. */
  readonly appRoles: readonly string[];
  /** Application id URIs, beside the app id itself. */
  readonly servicePrincipalNames?: readonly string[];
}

/** A secret just made, with the principal that it belongs to. */
export interface NewSecret {
  readonly principal: ServicePrincipal;
  readonly secret: string;
}

/** A change of a principal, computed from what it is when the change is committed. */
export type PrincipalChange = (principal: ServicePrincipal) => ServicePrincipal;

/**
 * A new managed identity's service principal, named after its resource. It has no application object and no secret.
 * @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identities-faq
 */
export function makeManagedIdentity(
  { resourceId, displayName, isExplicit }: Parameters<Directory['planManagedIdentity']>[0],
  { clock, random }: MakingPorts,
): ServicePrincipal {
  const appId = random.uuid();
  const opaque = Buffer.from(random.bytes(32)).toString('base64');
  return {
    objectId: random.uuid(),
    appId,
    displayName,
    servicePrincipalType: 'ManagedIdentity',
    accountEnabled: true,
    alternativeNames: [`isExplicit=${isExplicit ? 'True' : 'False'}`, formatAlternativeName(resourceId)],
    servicePrincipalNames: [appId, `https://identity.azure.net/${opaque}`],
    resourceId,
    appRoles: [],
    passwordCredentials: [],
    createdAt: clock.now(),
  };
}

/** A managed identity's principal after its resource has been moved: who it is does not change. */
export function relocated(principal: ServicePrincipal, resourceId: string): ServicePrincipal {
  const [explicit = ''] = principal.alternativeNames;
  return { ...principal, resourceId, alternativeNames: [explicit, formatAlternativeName(resourceId)] };
}

/** A new application's service principal, with its first secret. */
export function makeApplication(request: ApplicationRequest, ports: MakingPorts): NewSecret {
  const appId = ports.random.uuid();
  const bare: ServicePrincipal = {
    objectId: ports.random.uuid(),
    appId,
    displayName: request.displayName,
    servicePrincipalType: 'Application',
    accountEnabled: true,
    alternativeNames: [],
    servicePrincipalNames: [appId, ...(request.servicePrincipalNames ?? [])],
    appRoles: request.appRoles,
    passwordCredentials: [],
    createdAt: ports.clock.now(),
  };
  const { secret, change } = addSecret(ports);
  return { principal: change(bare), secret };
}

/** The application that a new principal represents; the secret is the principal's. */
export function applicationOf(principal: ServicePrincipal, objectId: string): Application {
  return {
    objectId,
    appId: principal.appId,
    displayName: principal.displayName,
    identifierUris: principal.servicePrincipalNames.filter((name) => name !== principal.appId),
    passwordCredentials: [],
    keyCredentials: [],
    owners: [],
    createdAt: principal.createdAt,
    properties: { signInAudience: 'AzureADMyOrg' },
  };
}

/** A new secret and the change that adds it to an application. */
export function addSecret({ clock, random }: MakingPorts): {
  readonly secret: string;
  readonly change: PrincipalChange;
} {
  const { secret, credential } = makeSecret(clock.now(), random);
  const change: PrincipalChange = (principal) => ({
    ...principal,
    passwordCredentials: [...principal.passwordCredentials, credential],
  });
  return { secret, change };
}

/** The change that gives a principal an application permission; none when it has it. */
export function grantAppRole(appRole: string): PrincipalChange {
  return (principal) =>
    principal.appRoles.includes(appRole) ? principal : { ...principal, appRoles: [...principal.appRoles, appRole] };
}

/** The resource's id as Entra spells it in `alternativeNames`: `resourcegroups` in lower case. */
function formatAlternativeName(resourceId: string): string {
  return resourceId.replace(/\/resourcegroups\//i, '/resourcegroups/');
}
