import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { malformed, parseAssertionClaims } from '../../core/token/assertion-claims.ts';
import { isOwnAssertion } from '../../core/token/certificate-assertion.ts';
import { parseToken } from '../jwt/parse.ts';
import { proveByCertificate } from './certificate-assertion.ts';
import type { Client, ProofPorts, Proved } from './client.ts';
import type { ClientProof } from './client-proof.ts';
import { proveByFederation } from './federated-assertion.ts';
import { proveBySecret } from './secret.ts';
import { proveByTls } from './tls-certificate.ts';

/**
 * Takes what a client proves itself with. An assertion that names the client as its issuer is the client's own, made with its
 * certificate; any other is another issuer's. Refuses `AADSTS7000216` without a proof, `AADSTS50027` for an assertion that cannot
 * be read, and what each method refuses.
 */
export async function authenticateClient(
  proof: ClientProof,
  client: Client,
  ports: ProofPorts,
): Promise<Proved | Refusal> {
  if (proof.method === 'secret') return proveBySecret(client, proof.secret);
  if (proof.method === 'tls') return proveByTls(proof.certificate, client, ports.machineCertificates);
  if (proof.method === 'none') return refuseWithout();
  const token = parseToken(proof.assertion);
  if (token === undefined) return malformed('it is no JWT of at most 16384 characters in compact form');
  // An extension that must be understood is none of ours (RFC 7515 section 4.1.11).
  if ('crit' in token.header) return malformed("its header demands extensions ('crit') that are not understood");
  const claims = parseAssertionClaims(token.claims);
  if (isRefusal(claims)) return claims;
  return isOwnAssertion(claims, client.appId)
    ? proveByCertificate(token, claims, client, ports)
    : proveByFederation(token, claims, client, ports);
}

function refuseWithout(): Refusal {
  return refuse(
    'AADSTS7000216',
    "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
  );
}
