import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import type { InnerDoor, Provider, ProviderContext } from '../src/arm/provider-contract.ts';
import { authorization } from '../src/arm/providers/Microsoft.Authorization/authorization.ts';
import type { AuthorizationParts } from '../src/arm/providers/Microsoft.Authorization/authorization-context.ts';
import { compute } from '../src/arm/providers/Microsoft.Compute/provider.ts';
import { insights } from '../src/arm/providers/Microsoft.Insights/insights.ts';
import { managedIdentity } from '../src/arm/providers/Microsoft.ManagedIdentity/provider.ts';
import { management } from '../src/arm/providers/Microsoft.Management/provider.ts';
import { resources } from '../src/arm/providers/Microsoft.Resources/provider.ts';
import { subscriptions } from '../src/arm/providers/Microsoft.Subscription/provider.ts';
import { routeTable } from '../src/arm/route-table.ts';
import { type GraphPorts, graphApp } from '../src/directory/graph/graph-app.ts';
import { paths } from '../src/imds/routes.ts';
import { type AppPorts, tokenServiceApp } from '../src/sts/app.ts';

/** Ports that no route table looks into. */
const unused = {} as ProviderContext & AuthorizationParts & GraphPorts & AppPorts & InnerDoor;

const page = readFileSync(resolve(import.meta.dirname, '../docs/fidelity.md'), 'utf8');

/** The endpoints that the page has a row for, as `METHOD /path`. */
const documented = [...page.matchAll(/^\| `([A-Z]+ \/[^`]*)` \|/gm)].map((match) => match[1] as string);

function served(): readonly string[] {
  const shipped: readonly Provider[] = [
    resources(unused, { providers: () => shipped, inner: () => unused }),
    compute(unused),
    managedIdentity(unused),
    authorization(unused, unused),
    insights(unused),
    management(unused, () => []),
    subscriptions(unused, () => []),
  ];
  const arm = routeTable(shipped).map(({ method, path }) => `${method} ${path}`);
  const sts = tokenServiceApp(unused).routes.map(({ method, path }) => `${method === 'ALL' ? 'POST' : method} ${path}`);
  const graph = graphApp(unused)
    .routes.filter(({ method, path }) => method !== 'ALL' && path.startsWith('/v1.0'))
    .map(({ method, path }) => `${method} ${path}`);
  const imds = Object.entries({ ...paths, '/metadata/instance': { methods: ['GET'] } }).flatMap(([path, { methods }]) =>
    methods.map((method) => `${method} ${path}`),
  );
  return [...arm, ...sts, ...graph, ...imds];
}

describe('docs/fidelity.md', () => {
  it('has one row for each endpoint that is served', () => {
    assert.deepEqual(
      served().filter((endpoint) => !documented.includes(endpoint)),
      [],
    );
  });

  it('has no row for an endpoint that is not served', () => {
    assert.deepEqual(
      documented.filter((endpoint) => !served().includes(endpoint)),
      [],
    );
  });

  it('says each endpoint once', () => {
    assert.deepEqual(
      documented.filter((endpoint, at) => documented.indexOf(endpoint) !== at),
      [],
    );
  });
});
