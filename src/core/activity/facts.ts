import type { Json } from '../json.ts';
import type { VerifiedToken } from '../ports/token-verifier.ts';
import type { Grant } from '../rbac/decision.ts';
import type { Refusal } from '../refusal.ts';
import type { EpochMillis } from '../time.ts';

/**
 * What the resource manager knows of one write, delete or action when it records an event of it. The events of one
 * request share all but `eventDataId` (unique for each event) and `time` (when the event happened).
 */
export interface ActivityFacts {
  readonly eventDataId: string;
  readonly time: EpochMillis;
  /** Shared by the requests of one undertaking: the caller's `x-ms-correlation-request-id`, or one of our own. */
  readonly correlationId: string;
  /** Shared by the events of this request. */
  readonly operationId: string;
  readonly method: string;
  /** The request's absolute URL. */
  readonly uri: string;
  /** The permission that was decided, such as `Microsoft.Compute/virtualMachines/start/action`. */
  readonly action: string;
  /** The scope at which it was decided. */
  readonly scope: string;
  readonly resourceId: string;
  readonly caller: VerifiedToken;
  /** Undefined for what happens at the tenant. */
  readonly subscriptionId?: string;
  readonly tenantId: string;
  readonly clientIpAddress?: string;
  /** The caller's `x-ms-client-request-id`. */
  readonly clientRequestId?: string;
  /** The grant that allowed the request; undefined when it was refused. */
  readonly evidence?: { readonly grant: Grant };
  /** The parsed body. Its secrets are left out of the event. */
  readonly requestBody?: Json;
}

/** How far the request had come: it began, or it came to an end (`Accepted`: its work goes on). */
export type ActivityStage =
  | { readonly status: 'Started' }
  | {
      readonly status: 'Accepted' | 'Succeeded' | 'Failed';
      readonly httpStatus: number;
      /** The resource that was written or deleted, as it was answered. Its secrets are left out of the event. */
      readonly responseBody?: Json;
      /** Why it failed: becomes `properties.statusMessage`. */
      readonly refusal?: Refusal;
    };
