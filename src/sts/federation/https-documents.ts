import type { Json } from '../../core/json.ts';
import { isPublicAddress, type TrustedIssuer, trustOf } from '../../core/token/issuer-trust.ts';
import type { IssuerDocuments, ReadDocument } from './issuer-documents.ts';

/** An address that a name leads to. */
export interface Address {
  readonly address: string;
  readonly family: number;
}

/** How far an issuer is listened to, and how names are looked up. */
export interface HttpsOptions {
  readonly trusted: readonly TrustedIssuer[];
  /** Default 5 seconds, from the look-up of the name to the last byte. */
  readonly limitMillis?: number;
  /** Default 256 KiB. */
  readonly limitBytes?: number;
  /** Authorities beside the system's, as PEM. */
  readonly ca?: string;
  /** Default the system's resolver. */
  readonly lookup?: (host: string) => Promise<readonly Address[]>;
}

const defaultLimitMillis = 5_000;
const defaultLimitBytes = 256 * 1024;

/** Reads issuers' documents over HTTPS. A refused or failed reading is a returned `failed`. */
export function httpsDocuments(options: HttpsOptions): IssuerDocuments {
  return { read: (url) => read(url, options) };
}

async function read(url: string, options: HttpsOptions): Promise<ReadDocument> {
  const trust = trustOf(url, options.trusted);
  const host = URL.canParse(url) ? new URL(url).host : url.slice(0, 100);
  if (trust === undefined) {
    return {
      failed: `The host '${host}' is not one that this Postern asks: its operator may allow it with --trust-issuer.`,
    };
  }
  const signal = AbortSignal.timeout(options.limitMillis ?? defaultLimitMillis);
  try {
    const addresses = await abortable((options.lookup ?? systemLookup)(new URL(url).hostname), signal);
    const [address] = addresses;
    if (address === undefined) return { failed: `The name of the host '${host}' leads nowhere.` };
    if (trust === 'below' && !addresses.every((one) => isPublicAddress(one.address))) {
      return {
        failed: `The host '${host}' leads to an address of a private network: its operator may allow exactly this host with --trust-issuer.`,
      };
    }
    return await get(url, host, address, signal, options);
  } catch {
    return { failed: `The host '${host}' did not answer${signal.aborted ? ' in time' : ''}.` };
  }
}

async function systemLookup(hostname: string): Promise<readonly Address[]> {
  const { lookup } = await import('node:dns/promises');
  return lookup(hostname.replace(/^\[|\]$/g, ''), { all: true });
}

/** The result of `work`, or an error as soon as the signal says so. */
function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([work, aborted]);
}

/** Asks the address that was judged, whatever the name leads to by now; the certificate must be the name's. */
async function get(
  url: string,
  host: string,
  { address, family }: Address,
  signal: AbortSignal,
  { ca, limitBytes = defaultLimitBytes }: HttpsOptions,
): Promise<ReadDocument> {
  const [{ request }, { rootCertificates, getCACertificates }] = await Promise.all([
    import('node:https'),
    import('node:tls'),
  ]);
  const authorities = ca === undefined ? {} : { ca: [...(getCACertificates?.('default') ?? rootCertificates), ca] };
  const lookup = (_: string, options: { all?: boolean }, done: (...answer: unknown[]) => void) =>
    options.all ? done(null, [{ address, family }]) : done(null, address, family);
  return new Promise((resolve, reject) => {
    const headers = { accept: 'application/json', 'user-agent': 'postern' };
    const asking = request(url, { agent: false, signal, lookup: lookup as never, headers, ...authorities });
    asking.once('error', reject);
    asking.once('response', (response) => {
      const { statusCode = 0 } = response;
      const end = (answer: ReadDocument): void => {
        response.destroy();
        resolve(answer);
      };
      if (statusCode >= 300 && statusCode < 400)
        return end({ failed: `The host '${host}' answered with a redirect, which is not followed.` });
      if (statusCode !== 200) return end({ failed: `The host '${host}' answered with status ${statusCode}.` });
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > limitBytes) end({ failed: `The host '${host}' answered with more than ${limitBytes} bytes.` });
        else chunks.push(chunk);
      });
      response.once('error', reject);
      response.once('end', () => resolve(parse(Buffer.concat(chunks), host)));
    });
    asking.end();
  });
}

function parse(bytes: Buffer, host: string): ReadDocument {
  try {
    return { json: JSON.parse(bytes.toString('utf8')) as Json };
  } catch {
    return { failed: `The host '${host}' answered with something that is not JSON.` };
  }
}
