import { isJsonObject, type Json } from '../../json.ts';

/** What Azure's messages call the type of a value. */
export type Kind = 'Null' | 'String' | 'Integer' | 'Float' | 'Boolean' | 'Array' | 'Object';

/** The type of a value, as Azure's messages name it. */
export function kindOf(value: Json): Kind {
  if (value === null) return 'Null';
  if (typeof value === 'string') return 'String';
  if (typeof value === 'number') return Number.isInteger(value) ? 'Integer' : 'Float';
  if (typeof value === 'boolean') return 'Boolean';
  return isJsonObject(value) ? 'Object' : 'Array';
}
