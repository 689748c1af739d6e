import type { Json, JsonObject } from '../json.ts';

/** A template as it is written, taken apart; nothing in it has been evaluated. Names of its parts are folded where they are looked up. */
export interface Template {
  /** Whether resources have symbolic names (`languageVersion` 2.0), as Bicep writes them. */
  readonly symbolic: boolean;
  /** `parameters`, by name as written. */
  readonly parameters: Readonly<Record<string, JsonObject>>;
  readonly variables: JsonObject;
  /** User functions by folded `namespace.name`. */
  readonly functions: ReadonlyMap<string, UserFunction>;
  readonly resources: readonly ResourceDeclaration[];
  readonly outputs: Readonly<Record<string, JsonObject>>;
  /** Types that parameters refer to by `$ref`. */
  readonly definitions: JsonObject;
}

/** A function that the template defines. */
export interface UserFunction {
  /** The names of its parameters, in their order. */
  readonly parameters: readonly string[];
  readonly value: Json;
}

/** A loop: over resources, over a property or over a variable. */
export interface CopyLoop {
  readonly name: string;
  readonly count: Json;
  /** How many at a time; undefined: all. */
  readonly batchSize?: number;
}

/** A resource as a template declares it; a nested child has its parents' types and names before its own. */
export interface ResourceDeclaration {
  readonly symbol?: string;
  /** The full type, such as `Microsoft.Network/virtualNetworks/subnets`. */
  readonly type: string;
  /** What the name is made of, by `/`: each may be an expression. */
  readonly names: readonly string[];
  readonly apiVersion: string;
  readonly condition?: Json;
  readonly copy?: CopyLoop;
  readonly dependsOn: readonly string[];
  readonly scope?: string;
  /** Of a nested deployment: the subscription and the group that it is made in. */
  readonly subscriptionId?: string;
  readonly resourceGroup?: string;
  /** It is only referred to: nothing is written. */
  readonly existing: boolean;
  /** What is sent: `location`, `tags`, `properties` and whatever else is no word of the template language. */
  readonly body: JsonObject;
}
