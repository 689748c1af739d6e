/** Whole seconds since 1970-01-01T00:00:00Z, as JWT NumericDates use them (RFC 7519 section 2). */
export type EpochSeconds = number & { readonly __unit: 'EpochSeconds' };

/** Milliseconds since 1970-01-01T00:00:00Z: what a clock answers. */
export type EpochMillis = number & { readonly __unit: 'EpochMillis' };

/** The whole second in which a millisecond lies. */
export function toEpochSeconds(millis: EpochMillis): EpochSeconds {
  return Math.floor(millis / 1000) as EpochSeconds;
}

/** `2026-11-23T22:50:35.1230000Z`: the seven decimals in which ARM writes times. */
export function formatArmTime(millis: EpochMillis): string {
  return new Date(millis).toISOString().replace('Z', '0000Z');
}
