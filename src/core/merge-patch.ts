import { isJsonObject, type Json, type JsonObject } from './json.ts';

/** `patch` laid over `target` as JSON merge-patch says (RFC 7396): null removes. */
export function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...target };
  for (const [name, value] of Object.entries(patch)) {
    const before = merged[name];
    if (value === null) delete merged[name];
    else merged[name] = isJsonObject(value) ? mergePatch(isJsonObject(before) ? before : {}, value) : value;
  }
  return merged;
}
