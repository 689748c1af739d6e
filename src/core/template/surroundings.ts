import type { JsonObject } from '../json.ts';
import type { EpochMillis } from '../time.ts';
import type { DeploymentScope } from './scope.ts';

/** What a template may ask of what is around it, made before it is evaluated. */
export interface Surroundings {
  readonly scope: DeploymentScope;
  /** What `deployment()` answers. */
  readonly deployment: JsonObject;
  readonly deployer: JsonObject;
  readonly environment: JsonObject;
  readonly tenant: JsonObject;
  readonly subscription?: JsonObject;
  readonly resourceGroup?: JsonObject;
  readonly managementGroup?: JsonObject;
  readonly now: EpochMillis;
  readonly newGuid: () => string;
  /** What `providers()` answers of a type: `{resourceType, locations, apiVersions}`. */
  provider(namespace: string, type: string): JsonObject | undefined;
}
