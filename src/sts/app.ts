import { type Context, Hono } from 'hono';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import type { TokenVersion } from '../core/token/audiences.ts';
import { answerError, answerMetadata } from './answer.ts';
import { type AskedAuthority, findAuthority } from './asked-authority.ts';
import { discoverInstance } from './discovery/instance.ts';
import { formatKeySet } from './discovery/key-set.ts';
import { formatOpenidConfiguration } from './discovery/openid-configuration.ts';
import type { KeyRing } from './keys/key-ring.ts';
import { answerToken, type TokenEndpointPorts } from './token-endpoint.ts';

/** What the token service's endpoints need. */
export interface AppPorts extends TokenEndpointPorts {
  readonly ring: KeyRing;
  readonly origin: () => string;
}

/**
 * The token service's HTTP endpoints, on every host and below every authority path: `/{tenant}/…`, and the `/adfs/…` and
 * `/adfs/{tenant}/…` forms under which clients of private clouds skip instance discovery. `/adfs` alone is a tenant segment
 * here, so its routes come first.
 */
export function tokenServiceApp(ports: AppPorts): Hono {
  const app = new Hono();
  app.onError(rethrow);
  app.get('/:tenant/discovery/instance', (c) => {
    const question = {
      apiVersion: c.req.query('api-version'),
      authorizationEndpoint: c.req.query('authorization_endpoint'),
    };
    const found = discoverInstance(question, ports.origin());
    return isRefusal(found) ? answerError(c, found, ports) : answerMetadata(c, found, ports);
  });
  for (const prefix of ['', '/adfs']) routeAuthority(app, prefix, ports);
  return app;
}

function routeAuthority(app: Hono, prefix: string, ports: AppPorts): void {
  const versions: readonly (readonly [TokenVersion, string])[] = [
    [1, ''],
    [2, '/v2.0'],
  ];
  for (const [version, segment] of versions) {
    app.get(`${prefix}/:tenant${segment}/.well-known/openid-configuration`, (c) =>
      withAuthority(c, ports, (asked) =>
        answerMetadata(c, formatOpenidConfiguration(asked, version, ports.directory.tenant.tenantId), ports),
      ),
    );
    app.get(`${prefix}/:tenant/discovery${segment}/keys`, (c) =>
      withAuthority(c, ports, (asked) =>
        answerMetadata(c, formatKeySet(ports.ring.all(), asked, version, ports.directory.tenant.tenantId), ports),
      ),
    );
    app.all(`${prefix}/:tenant/oauth2${segment}/token`, (c) =>
      withAuthority(c, ports, (asked) => answerToken(c, asked, version, ports)),
    );
  }
}

/** Finds the authority that the URL names and answers with it, or with the refusal. */
function withAuthority(
  c: Context,
  ports: AppPorts,
  answer: (asked: AskedAuthority) => Response | Promise<Response>,
): Response | Promise<Response> {
  const asked = findAsked(c, ports);
  return isRefusal(asked) ? answerError(c, asked, ports) : answer(asked);
}

function findAsked(c: Context, ports: AppPorts): AskedAuthority | Refusal {
  const url = new URL(c.req.url);
  const question = {
    host: url.host,
    tenant: c.req.param('tenant') ?? '',
    underAdfs: /^\/adfs\//i.test(url.pathname) && c.req.param('tenant')?.toLowerCase() !== 'adfs',
  };
  return findAuthority(question, { tenant: ports.directory.tenant, origin: ports.origin() });
}

/** What breaks is for the server in front to report and to answer: it knows the log. */
function rethrow(error: Error): never {
  throw error;
}
