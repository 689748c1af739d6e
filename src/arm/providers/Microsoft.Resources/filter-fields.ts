import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { parseResourceId } from '../../../core/resource-id.ts';

/** A field that resources are filtered by; `tag` is a tag's name and value together. */
export type FilterField =
  | 'name'
  | 'type'
  | 'location'
  | 'resourcegroup'
  | 'tagname'
  | 'tagvalue'
  | 'tag'
  | 'principalid';

/** The fields by the names that `$filter` calls them, folded. */
export const fieldNames: ReadonlyMap<string, FilterField> = new Map([
  ['name', 'name'],
  ['resourcetype', 'type'],
  ['location', 'location'],
  ['resourcegroup', 'resourcegroup'],
  ['tagname', 'tagname'],
  ['tagvalue', 'tagvalue'],
  ['identity/principalid', 'principalid'],
]);

/** A field's values, folded: one, or none, or one for each tag. */
export function fieldsOf(field: FilterField, resource: JsonObject): readonly string[] {
  return valuesOf(field, resource).map((value) => value.toLowerCase());
}

function valuesOf(field: FilterField, resource: JsonObject): readonly string[] {
  const tags = Object.entries(isJsonObject(resource['tags']) ? resource['tags'] : {});
  switch (field) {
    case 'tagname':
      return tags.map(([name]) => name);
    case 'tagvalue':
      return tags.map(([, value]) => String(value));
    case 'tag':
      return tags.map(([name, value]) => `${name}=${value}`);
    case 'resourcegroup':
      return text(parseResourceId(String(resource['id']))?.resourceGroupName);
    case 'principalid':
      return isJsonObject(resource['identity']) ? text(resource['identity']['principalId']) : [];
    case 'location':
      return text(resource['location']).map((location) => location.replaceAll(' ', ''));
    default:
      return text(resource[field]);
  }
}

function text(value: Json | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : [];
}
