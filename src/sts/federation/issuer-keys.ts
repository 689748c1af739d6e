import { BoundedMap } from '../../core/bounded-map.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { IssuerFault, IssuerKey, IssuerKeys } from '../../core/ports/issuer-keys.ts';
import type { EpochMillis } from '../../core/time.ts';
import { decideRefresh } from '../../core/token/issuer-refresh.ts';
import { discoveryAddress, parseDiscovery, parseKeySet } from '../../core/token/key-set.ts';
import type { IssuerDocuments } from './issuer-documents.ts';

/** What is known of one issuer. */
interface Known {
  keys?: ReadonlyMap<string, IssuerKey>;
  readAt?: EpochMillis;
  askedAt?: EpochMillis;
  /** Why it could not be read when it was last asked. */
  failed?: string;
  /** The question that is on its way, so that many assertions ask once. */
  asking?: Promise<void>;
}

/** More issuers than federated credentials usually name. */
const maxIssuers = 256;

/** The keys of issuers, read from their documents and kept as `decideRefresh` says. */
export function openIssuerKeys(documents: IssuerDocuments, clock: Clock): IssuerKeys {
  const issuers = new BoundedMap<string, Known>(maxIssuers);
  return {
    find: async (issuer, kid) => {
      const known = issuers.get(issuer) ?? {};
      issuers.set(issuer, known);
      if (decide(known, kid, clock) === 'ask') {
        known.asking ??= ask(issuer, known, documents, clock).finally(() => delete known.asking);
      }
      await known.asking;
      const key = decide(known, kid, clock) === 'answer' ? known.keys?.get(kid) : undefined;
      return key ?? explain(known, issuer, kid);
    },
  };
}

function decide({ keys, readAt, askedAt }: Known, kid: string, clock: Clock): ReturnType<typeof decideRefresh> {
  const state = {
    ...(readAt === undefined ? {} : { readAt }),
    ...(askedAt === undefined ? {} : { askedAt }),
    hasKey: keys?.has(kid) === true,
  };
  return decideRefresh(state, clock.now());
}

/** Asks an issuer; what it had stays when it cannot be read. */
async function ask(issuer: string, known: Known, documents: IssuerDocuments, clock: Clock): Promise<void> {
  const read = await readKeys(issuer, documents);
  known.askedAt = clock.now();
  if ('failed' in read) {
    known.failed = read.failed;
    return;
  }
  delete known.failed;
  known.keys = read.keys;
  known.readAt = known.askedAt;
}

async function readKeys(
  issuer: string,
  documents: IssuerDocuments,
): Promise<{ readonly keys: ReadonlyMap<string, IssuerKey> } | { readonly failed: string }> {
  const discovery = await documents.read(discoveryAddress(issuer));
  if ('failed' in discovery) return discovery;
  const address = parseDiscovery(discovery.json, issuer);
  if (address === undefined) {
    return { failed: `The discovery document of '${issuer}' names another issuer, or no key set (jwks_uri).` };
  }
  const keySet = await documents.read(address);
  if ('failed' in keySet) return keySet;
  const keys = parseKeySet(keySet.json);
  return keys === undefined ? { failed: `What '${issuer}' names as its key set is none.` } : { keys };
}

function explain({ failed }: Known, issuer: string, kid: string): IssuerFault {
  if (failed !== undefined) return { fault: 'unreachable', why: failed };
  return { fault: 'unknownKey', why: `The issuer '${issuer}' publishes no key '${kid.slice(0, 100)}'.` };
}
