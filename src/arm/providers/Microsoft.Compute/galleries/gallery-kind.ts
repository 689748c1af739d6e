import type { JsonObject } from '../../../../core/json.ts';
import type { DocumentKey } from '../../../../core/ports/store.ts';
import type { Refusal } from '../../../../core/refusal.ts';
import { refuse } from '../../../../core/refusal.ts';
import type { Call, ProviderContext } from '../../../provider-contract.ts';

/** What a body's properties are judged beside. */
export interface PropertiesRequest {
  readonly context: ProviderContext;
  readonly call: Call;
  readonly key: DocumentKey;
  /** In the region's own name. */
  readonly location: string;
  /** As the request says; what PATCH does not name is filled in. */
  readonly properties: JsonObject;
  /** The stored properties; undefined where the resource is new. */
  readonly before: JsonObject | undefined;
}

/** One of the resource types of galleries: what its name and properties may be. */
export interface GalleryKind {
  /** The full type in Azure's spelling. */
  readonly type: string;
  judgeName(name: string): Refusal | undefined;
  /** The properties to store, without `provisioningState`. */
  properties(request: PropertiesRequest): Promise<JsonObject | Refusal>;
}

/** The path and permissions of galleries. */
export const galleryType = 'Microsoft.Compute/galleries';

/** 400 for a name against the rules of its kind. */
export function badName(name: string, rule: string): Refusal {
  return refuse('InvalidParameter', `The name '${name}' is not valid: ${rule}.`, { target: 'name' });
}

/** 400 for a value of a body. */
export function badValue(target: string, why: string): Refusal {
  return refuse('InvalidParameter', `The value of parameter '${target}' is invalid: ${why}.`, { target });
}
