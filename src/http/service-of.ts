import { rememberTexts } from '../core/remember.ts';
import type { PublicNames, ServiceName } from './public-names.ts';

/**
 * The service that a request is for: by its host where that is a public name; on our own origin by the first segment of its
 * path, where everything that is neither Resource Manager's nor Graph's is the token service's (`/{tenant}/oauth2/…`).
 */
export function serviceOf(host: string, path: string, names: PublicNames): ServiceName {
  const name = nameOf(host);
  const byName = Object.hasOwn(names, name) ? names[name] : undefined;
  return byName ?? serviceOfPath(path);
}

const nameOf = rememberTexts(
  (host) =>
    host
      .toLowerCase()
      .replace(/:\d{1,5}$/, '')
      .replace(/\.$/, ''),
  { limit: 64, maxLength: 256 },
);

const armRoots = ['subscriptions', 'providers', 'tenants', 'metadata', 'operationresults'];
const graphRoots = ['v1.0', 'beta'];

/** A scope that is encoded as a whole (`/%2Fsubscriptions%2F…`) begins with its first word, too. */
const firstWord = /^(?:\/|%2F)*((?:(?!%2F)[^/?])*)/i;

function serviceOfPath(path: string): ServiceName {
  const root = (firstWord.exec(path)?.[1] ?? '').toLowerCase();
  if (armRoots.includes(root)) return 'arm';
  return graphRoots.includes(root) ? 'graph' : 'sts';
}
