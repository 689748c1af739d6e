import { type Refusal, refuse } from '../../core/refusal.ts';
import type { Provider } from '../provider-contract.ts';

/**
 * Why no route answers: the method is wrong (405 with Allow), or the namespace or the type does not exist (404).
 * @see ARM's own texts for InvalidResourceNamespace and InvalidResourceType
 */
export function refuseUnmatched(
  providers: readonly Provider[],
  method: string,
  segments: readonly string[],
  methods: readonly string[],
  apiVersion: string,
): Refusal {
  if (methods.length > 0) return wrongMethod(method, methods);
  const at = segments.findLastIndex((segment) => segment.toLowerCase() === 'providers');
  const namespace = at < 0 ? undefined : segments[at + 1];
  if (namespace === undefined) {
    return refuse('NotFound', `The requested path '/${segments.join('/')}' does not exist.`);
  }
  const provider = providers.find((one) => one.namespace.toLowerCase() === namespace.toLowerCase());
  if (provider === undefined) {
    return refuse('InvalidResourceNamespace', `The resource namespace '${namespace}' is invalid.`);
  }
  return wrongType(provider, segments.slice(at + 2), apiVersion);
}

function wrongMethod(method: string, methods: readonly string[]): Refusal {
  const allow = methods.join(', ');
  const message = `The HTTP method '${method}' is not supported at this path. The supported methods are '${allow}'.`;
  return refuse('HttpMethodNotAllowed', message, { headers: { Allow: allow } });
}

function wrongType(provider: Provider, below: readonly string[], apiVersion: string): Refusal {
  const type = below.filter((_, at) => at % 2 === 0).join('/');
  const known = provider.resourceTypes.find((one) => one.type.toLowerCase() === type.toLowerCase());
  const versions = (known ?? provider.resourceTypes[0])?.apiVersions ?? [];
  return refuse(
    'InvalidResourceType',
    `The resource type '${type}' could not be found in the namespace '${provider.namespace}' for api version '${apiVersion}'. The supported api-versions are '${versions.join(',')}'.`,
  );
}
