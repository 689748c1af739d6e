/** JSON as a typed value: what a body is after it has been parsed and before anything is known about it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. Wire bodies and stored documents are of this shape. */
export type JsonObject = { readonly [key: string]: Json };

/** Whether a JSON value is an object (not an array, not null). */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
