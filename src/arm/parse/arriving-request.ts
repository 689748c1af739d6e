/** What is read of a request, its header names in lower case; the Fetch API's `Request` is one. */
export interface ArrivingRequest {
  readonly method: string;
  /** Absolute, or path and query alone. */
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array> | null;
}
