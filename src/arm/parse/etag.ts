/** The opaque tag in an If-Match or If-None-Match header: without its quotes and weakness mark; `*` stays `*`. */
export function parseEtag(header: string | null): string | undefined {
  const value = header?.trim();
  if (value === undefined || value === '') return undefined;
  return value.replace(/^W\//, '').replace(/^"(.*)"$/s, '$1');
}

/** An opaque tag as the ETag header carries it (RFC 9110 section 8.8.3). */
export function formatEtag(etag: string): string {
  return /^(W\/)?".*"$/s.test(etag) ? etag : `"${etag}"`;
}
