import type { Json, JsonObject } from '../core/json.ts';
import type { ActivityLog } from '../core/ports/activity-log.ts';
import type { Authorizer } from '../core/ports/authorizer.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Directory } from '../core/ports/directory.ts';
import type { MachineHost } from '../core/ports/machine-host.ts';
import type { Random } from '../core/ports/random.ts';
import type { ScheduledEvents } from '../core/ports/scheduled-events.ts';
import type { ScopeHierarchy } from '../core/ports/scope-hierarchy.ts';
import type { Store, Write } from '../core/ports/store.ts';
import type { VerifiedToken } from '../core/ports/token-verifier.ts';
import type { AccessFacts } from '../core/rbac/access-facts.ts';
import type { Refusal } from '../core/refusal.ts';
import type { EpochMillis } from '../core/time.ts';

/** What a provider may use: ports only. */
export interface ProviderContext {
  readonly store: Store;
  readonly directory: Directory;
  readonly authorizer: Authorizer;
  readonly hierarchy: ScopeHierarchy;
  readonly activityLog: ActivityLog;
  readonly machineHost: MachineHost;
  readonly scheduledEvents: ScheduledEvents;
  readonly clock: Clock;
  readonly random: Random;
}

/** A request that has passed the door: parsed, of a known api-version, authenticated, authorized, its containers existing. */
export interface Call {
  readonly caller: VerifiedToken;
  /** The template's parameters with the spelling that was written; `{scope}` under `scope` (begins with `/`; `/` is the tenant). */
  readonly params: Readonly<Record<string, string>>;
  /** The target's id as written in the URL, canonical in its fixed words: what a PUT stores as `id`. */
  readonly resourceId: string;
  readonly apiVersion: string;
  /** Query parameters by lower-case name (`$filter`, `$top`, `$expand`, `$skiptoken` …). */
  readonly query: ReadonlyMap<string, string>;
  /** The parsed body; undefined when there was none. */
  readonly body: Json | undefined;
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
  readonly now: EpochMillis;
  /** What is known of the request when more is decided of its caller: to be handed to the authorizer. */
  readonly facts: AccessFacts;
  /** `https://host[:port]` by which the caller reached us: for absolute links. */
  readonly origin: string;
  readonly correlationId: string;
  /** Where the request came from, when the listener knows. */
  readonly clientAddress?: string;
  /** Texts in the body that are to be kept nowhere but where the body says: of a request that a deployment made. */
  readonly secrets?: ReadonlySet<string>;
  /** The deployment stack whose deployment made the request: its own deny assignments let it through. */
  readonly stackId?: string;
  /** This request's absolute URL with other query parameters in place of its own: for `nextLink`. */
  link(query: Readonly<Record<string, string>>): string;
}

/** An answer that is complete. `etag` becomes the ETag header. */
export interface Immediate {
  readonly status: 200 | 201 | 204;
  readonly body?: Json;
  readonly etag?: string;
}

/**
 * An answer whose work goes on. `work` names one of the provider's `works`; it and `input` are stored before the answer is
 * sent, so that a restart takes the work up again: works are idempotent. 202 has no body; 200 and 201 show the resource with
 * a running `provisioningState`. `Azure-AsyncOperation` is sent always, `Location` with 202.
 */
export interface LongRunning {
  readonly status: 200 | 201 | 202;
  readonly body?: Json;
  readonly etag?: string;
  readonly work: string;
  readonly input: JsonObject;
  /** What the Location URL answers at the end without a body: 204, or 200 (default). */
  readonly finalStatus?: 200 | 204;
}

export type Answer = Immediate | LongRunning;

/** A permission that the caller needs on something else than the target (ARM's linked access check). */
export interface LinkedCheck {
  readonly action: string;
  readonly scope: string;
}

/** One operation of the route table. */
export interface Operation {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'PATCH' | 'DELETE' | 'POST';
  /**
   * The path as Azure's specifications write it, such as
   * `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Compute/virtualMachines/{vmName}/start`
   * or `/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}`. Fixed words match without regard to case.
   */
  readonly path: string;
  /** The action that RBAC must allow. Undefined: any authenticated caller of the tenant (the answer itself is filtered). */
  readonly permission?: string;
  /** The template of the scope at which `permission` is decided; default: the target resource, or a collection's parent. */
  readonly permissionScope?: string;
  /** Asked where the permission is missing: whether a rule of the provider's own lets the caller through without it. */
  mayWithout?(call: Call): Promise<boolean>;
  /** A write that says everything in its path: a body is not read. */
  readonly bodiless?: true;
  /** A body may be written as people write JSON: comments, names without quotes. @see Azure CLI, `JsonCTemplatePolicy` */
  readonly lenient?: true;
  /** What of the body the activity log shows, where that is not all of it. */
  recordedBody?(body: Json): Json;
  /** What no lock forbids although it is no GET: writes of the locks themselves, and questions. */
  readonly despiteLocks?: true;
  /** What a disabled subscription takes too although it is no GET. Deletions always are taken. */
  readonly whileDisabled?: true;
  /** What conditions of role assignments may name when `permission` is decided; what cannot be read is left out. */
  attributes?(call: Call): Promise<Pick<AccessFacts, 'request' | 'resource'>>;
  /** Further permissions, found from the body. */
  linked?(call: Call): Promise<readonly LinkedCheck[] | Refusal>;
  handle(call: Call): Promise<Answer | Refusal>;
}

/** A resource type: what `/providers/{namespace}` lists of it, and the versions that its operations accept. */
export interface ResourceType {
  /** Such as `virtualMachines` or `locations/operations`. */
  readonly type: string;
  /** Newest first. Any well-formed date from the oldest on is accepted (clients are newer than we). */
  readonly apiVersions: readonly string[];
  /** The date from which on versions are accepted, where it lies before the oldest one that is known by name. */
  readonly acceptedFrom?: string;
  /** Whether it lives in a region; the others have no locations. */
  readonly regional: boolean;
  readonly operations: readonly Operation[];
}

/** What a work comes to that stops because Postern ends: it is taken up again at the next start. */
export const suspended = Symbol('suspended');

/** What a work came to: a refusal fails the operation; a value becomes its `properties` and the Location's body. */
export type Work = (input: JsonObject, correlationId: string) => Promise<Refusal | Json | undefined | typeof suspended>;

/**
 * A provider's part of a cascading delete: called for each resource of its namespace below a deleted group, before the
 * documents go. Idempotent. Answers the writes to commit with the removal (principals that end with the resource).
 */
export type Teardown = (resourceId: string) => Promise<readonly Write[] | Refusal>;

/** One namespace, in Azure's spelling. */
export interface Provider {
  readonly namespace: string;
  readonly resourceTypes: readonly ResourceType[];
  readonly works?: Readonly<Record<string, Work>>;
  /** By full type, folded: `microsoft.compute/virtualmachines`. */
  readonly teardown?: Readonly<Record<string, Teardown>>;
}

/** On whose behalf a provider asks the resource manager for more: of the call that it answers, what holds for all that it leads to. */
export type Behalf = Pick<Call, 'caller' | 'correlationId' | 'origin' | 'clientAddress' | 'secrets' | 'stackId'>;

/** A request to the resource manager from within. */
export interface InnerRequest {
  readonly method: Operation['method'];
  /** A resource's id, or a path below one. */
  readonly path: string;
  readonly apiVersion: string;
  readonly body?: Json;
}

/** What an inner request was answered, once everything that it set going has ended. */
export interface InnerAnswer {
  readonly status: number;
  readonly body?: Json;
}

/**
 * The resource manager's front door from within: what is asked here passes the same stages as what comes over the wire (permission,
 * containers, locks, provider, activity log), and is waited for to its end. Only the token has been read already.
 */
export interface InnerDoor {
  ask(behalf: Behalf, request: InnerRequest): Promise<InnerAnswer | Refusal>;
  /** Whether a request would be let in, as far as that can be told before it is made: its route, version and permission. Nothing is recorded. */
  judge(behalf: Behalf, request: InnerRequest): Promise<Refusal | undefined>;
  /** The cloud that an origin belongs to: its endpoints and suffixes. */
  cloudAt(origin: string): JsonObject;
}

/**
 * Every namespace with every type that answers: the providers' own and those that are kept as documents. Loaded when it is
 * first asked for; types of the latter show no operations.
 */
export type Catalog = () => Promise<readonly Provider[]>;
