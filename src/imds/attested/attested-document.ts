// What the platform vouches for about a machine: a signed document that others verify against the authority's certificate.

import type { CertificateAuthority } from '../../core/ports/certificate-authority.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Random } from '../../core/ports/random.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { json } from '../answer.ts';
import { parseApiVersion } from '../api-versions.ts';
import type { Endpoint } from '../endpoint.ts';
import { ResourceReader } from '../resource-reader.ts';
import { describeMachine } from './attested-content.ts';
import { openDocumentSigner } from './document-signer.ts';

/**
 * The endpoint that answers the signed document (PKCS #7, DER, base64). Refuses `imdsApiVersion`, and `imdsParameterInvalid`
 * for a nonce that is not 1 to 32 letters and digits; an empty one counts as none.
 * @see Azure REST API specifications, imds 2023-07-01, Attested_getDocument
 */
export function attestedDocument(ports: {
  readonly authority: CertificateAuthority;
  readonly clock: Clock;
  readonly random: Random;
}): Endpoint {
  const signer = openDocumentSigner(ports);
  return async ({ view, query }) => {
    const version = parseApiVersion(query.get('api-version'), '2018-10-01');
    if (isRefusal(version)) return version;
    const nonce = parseNonce(query.get('nonce'));
    if (isRefusal(nonce)) return nonce;
    const content = describeMachine(view, { version, nonce, now: ports.clock.now() });
    const region = new ResourceReader(view.resource).text('location');
    const signature = await signer.sign(Buffer.from(JSON.stringify(content)), region);
    return json({ encoding: 'pkcs7', signature: Buffer.from(signature).toString('base64') });
  };
}

function parseNonce(nonce: string | undefined): string | undefined | Refusal {
  if (nonce === undefined || nonce === '') return undefined;
  if (/^[\da-z]{1,32}$/i.test(nonce)) return nonce;
  return refuse('imdsParameterInvalid', "The query variable 'nonce' must be 1 to 32 letters and digits");
}
