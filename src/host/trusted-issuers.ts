import { isRefusal } from '../core/refusal.ts';
import { parseTrustedIssuer, type TrustedIssuer } from '../core/token/issuer-trust.ts';

/** Reads the issuers that an operator trusts. Throws for one that cannot be read: the host must not start half trusted. */
export function readTrustedIssuers(texts: readonly string[]): readonly TrustedIssuer[] {
  return texts.map((text) => {
    const trusted = parseTrustedIssuer(text);
    if (isRefusal(trusted)) throw new Error(trusted.message);
    return trusted;
  });
}
