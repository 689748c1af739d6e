import type { CertificateAuthority } from '../core/ports/certificate-authority.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Directory } from '../core/ports/directory.ts';
import type { Random } from '../core/ports/random.ts';
import { json } from './answer.ts';
import { apiVersions } from './api-versions.ts';
import type { Endpoint } from './endpoint.ts';
import { answerIdentityInfo } from './identity-info.ts';
import { answerInstance } from './instance.ts';
import { answerLoadBalancer } from './load-balancer.ts';
import type { EndpointName } from './routes.ts';
import type { OpenScheduledEvents } from './scheduled-events/scheduled-events.ts';

/** What the endpoints beside the tokens' need. */
export interface EndpointPorts {
  readonly directory: Directory;
  readonly authority: CertificateAuthority;
  readonly scheduledEvents: OpenScheduledEvents;
  readonly clock: Clock;
  readonly random: Random;
}

/** Every endpoint but the tokens', which has a shorter way. */
export type Endpoints = Readonly<Record<Exclude<EndpointName, 'token'>, Endpoint>>;

/** The endpoints over their ports. What few machines ask is loaded when it is first asked. */
export function endpointsOver(ports: EndpointPorts): Endpoints {
  const versions = json({ apiVersions: apiVersions.toReversed() });
  return {
    versions: () => versions,
    instance: ({ view, below, query }) => answerInstance(view, below, query),
    identityInfo: ({ view, query }) => answerIdentityInfo(view, ports.directory.tenant.tenantId, query),
    loadBalancer: ({ query }) => answerLoadBalancer(query),
    scheduledEvents: onDemand(async () => {
      const { scheduledEventsEndpoint } = await import('./scheduled-events/scheduled-events-endpoint.ts');
      return scheduledEventsEndpoint(ports.scheduledEvents);
    }),
    platformMetadata: onDemand(async () => {
      const { answerPlatformMetadata } = await import('./credentials/platform-metadata.ts');
      return (call) => answerPlatformMetadata(call, ports.directory.tenant.tenantId);
    }),
    issueCredential: onDemand(async () => {
      const { issueCredential } = await import('./credentials/issue-credential.ts');
      return issueCredential({ ...ports, tenantId: ports.directory.tenant.tenantId });
    }),
    attestedDocument: onDemand(async () => (await import('./attested/attested-document.ts')).attestedDocument(ports)),
    authorityCertificate: () => ({
      status: 200,
      contentType: 'application/pkix-cert',
      body: ports.authority.certificate,
    }),
  };
}

function onDemand(open: () => Promise<Endpoint>): Endpoint {
  let opened: Promise<Endpoint> | undefined;
  return async (call) => {
    opened ??= open();
    return (await opened)(call);
  };
}
