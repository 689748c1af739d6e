import type { Json } from '../../core/json.ts';

/** A document that was read, or why it was not; `why` names hosts and limits, never what a host answered. */
export type ReadDocument = { readonly json: Json } | { readonly failed: string };

/**
 * Reads an issuer's documents. INVARIANT: it reads only from hosts that the operator trusts, connects only to the addresses that
 * it has judged, and follows no redirect.
 */
export interface IssuerDocuments {
  read(url: string): Promise<ReadDocument>;
}
