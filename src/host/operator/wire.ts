import type { LearnedProfile } from '../../core/access/learn.ts';
import type { Simulation } from '../../core/access/simulate.ts';
import type { JsonObject } from '../../core/json.ts';
import type { RecordedSignIn } from '../../core/ports/sign-in-log.ts';
import type { Explanation } from '../../core/rbac/explain.ts';
import type { Checkpoint } from '../../core/sign-ins/checkpoint.ts';
import type { Breach } from '../../core/sign-ins/verify-chain.ts';

// The operator's API: what the person who runs Postern may ask over the Unix socket in the data directory. It is our own;
// the socket's file mode is its access control. These are the bodies; the paths are beside them.

/** The paths of the operator's API. */
export const operatorPaths = {
  status: '/status',
  environment: '/environment',
  machines: '/machines',
  machineEntry: '/machines/entry',
  machineDoor: '/machines/door',
  realism: '/realism',
  why: '/why',
  accessRequests: '/access/requests',
  accessDecision: '/access/decision',
  roles: '/roles',
  roleImport: '/roles/import',
  keys: '/keys',
  keyRotation: '/keys/rotation',
  signIns: '/log/sign-ins',
  signInRecords: '/log/sign-ins/records',
  activityRecords: '/log/activity/records',
  activity: '/log/activity',
  trace: '/log/trace',
  logVerification: '/log/verification',
  accessExplanation: '/access/explanation',
  accessSimulation: '/access/simulation',
  accessLearning: '/access/learning',
} as const;

/** `GET /status`. */
export interface OperatorStatus {
  readonly origin: string;
  readonly pid: number;
  readonly startedAt: string;
  readonly dataDir: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly machines: {
    readonly total: number;
    readonly running: number;
    readonly supported: boolean;
    /** What keeps machines from running here, and how to get it. */
    readonly missing: readonly string[];
  };
}

/** `GET /environment`: what a client outside the machines needs. The secret itself stays in `secretFile`. */
export interface OperatorEnvironment {
  readonly origin: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly clientId: string;
  readonly secretFile: string;
  /** The local authority's certificate alone. */
  readonly ca: string;
  /** The system's authorities and ours in one file. */
  readonly caBundle: string;
}

/** One machine in `GET /machines`. */
export interface OperatorMachine {
  readonly name: string;
  readonly resourceGroup: string;
  readonly resourceId: string;
  readonly powerState: string;
  /** `SystemAssigned`, `UserAssigned`, both, or empty. */
  readonly identity: string;
  /** The system-assigned identity's. */
  readonly principalId?: string;
  /** Its first process, as the host numbers it, when it runs. */
  readonly initPid?: number;
}

/** `GET /machines/entry?machine=…&user=…`: the command to which a program's own words are appended. */
export interface OperatorEntry {
  readonly resourceId: string;
  readonly user: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** `GET /realism`, and what `POST /realism` answers: the settings that are in force. */
export interface OperatorRealism {
  readonly rateLimits: boolean;
  readonly assignmentDelaySeconds: number;
  readonly tokensOutliveAccess: boolean;
  readonly updating?: { readonly status: number; readonly until: string };
}

/** `POST /machines/door` `{ "machine", "door" }`: what a program needs to use the machine's identity through that door. */
export interface OperatorDoor {
  readonly resourceId: string;
  readonly door: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** `GET /why?principal=…|machine=…&user=…&action=…&scope=…`: the decision, made as Resource Manager makes it. */
export interface OperatorWhy extends Explanation {
  readonly principalId: string;
  readonly displayName?: string;
  readonly action: string;
  readonly scope: string;
}

/** A request of a machine's user in `GET /access/requests`; `POST /access/decision` answers one. */
export interface OperatorAccessRequest {
  /** The GUID. */
  readonly id: string;
  /** Azure's words: `PendingApproval`, `Provisioned`, `Denied` … */
  readonly status: string;
  readonly principalId: string;
  readonly user?: string;
  /** The machine's resource id. */
  readonly machine?: string;
  readonly role: string;
  readonly scope: string;
  /** ISO 8601; or `until`. */
  readonly duration?: string;
  readonly until?: string;
  /** As the user wrote it. */
  readonly reason: string;
  readonly createdOn: string;
}

/** A signing key; times in ISO 8601. */
export interface OperatorKey {
  readonly kid: string;
  /** `next` is published and waits, `signing` signs, `previous` verifies what it has signed. */
  readonly state: 'next' | 'signing' | 'previous';
  readonly publishedAt: string;
  readonly signsFrom: string;
  /** When it goes, once another follows it. */
  readonly removedAt?: string;
}

/** `GET /keys`. `POST /keys/rotation` with `{ "now", "revoke" }` answers one key. */
export interface OperatorKeys {
  readonly keys: readonly OperatorKey[];
}

/** One role definition in `GET /roles`. */
export interface OperatorRole {
  /** The GUID. */
  readonly id: string;
  readonly roleName: string;
  /** A built-in role is shipped with Postern or was imported; a custom one is the tenant's own. */
  readonly origin: 'shipped' | 'imported' | 'custom';
  readonly description: string;
  readonly assignableScopes: readonly string[];
}

/** `GET /roles`. */
export interface OperatorRoles {
  readonly roles: readonly OperatorRole[];
}

/** `POST /roles/import` with `{ "roles": [...] }`: how many were imported, and how many were here already, just so. */
export interface OperatorRoleImport {
  readonly builtIn: number;
  readonly custom: number;
  readonly unchanged: number;
}

/** `GET /log/sign-ins?machine=…&user=…&outcome=…&uti=…&since=…&until=…&limit=…`: newest first; times in milliseconds. */
export interface OperatorSignIns {
  readonly signIns: readonly RecordedSignIn[];
}

/** `GET /log/sign-ins/records?after=…`, `GET /log/activity/records?after=…`: those after a number, oldest first, some at a time. */
export interface OperatorRecords<Entry> {
  readonly entries: readonly Entry[];
}

/** `GET /log/activity?user=…&caller=…&uti=…&since=…&until=…&limit=…`: events of all subscriptions and the tenant, newest first. */
export interface OperatorActivity {
  readonly events: readonly JsonObject[];
}

/** `GET /log/trace?uti=…`: each hand-over of a token, and what was done with it, oldest first. */
export interface OperatorTrace extends OperatorSignIns, OperatorActivity {
  readonly uti: string;
}

/** `GET /log/verification[?number=…&hash=…][&authority=…]`: what verifying the sign-in log came to, held against a record that was exported. */
export interface OperatorVerification {
  readonly records: number;
  readonly head: { readonly number: number; readonly hash: string };
  readonly checkpoints: number;
  readonly lastCheckpoint?: Checkpoint;
  readonly uncovered: number;
  readonly breach?: Breach;
}

/** The largest body that is read, in bytes: a file of several thousand role definitions fits. */
export const maxOperatorBodyBytes = 32 * 1024 * 1024;

/** A refusal: `{ "error": { "code", "message" } }`. */
export interface OperatorError {
  readonly error: { readonly code: string; readonly message: string };
}

/** `GET /access/explanation`: what a machine's access control says to one request. */
export interface OperatorAccessExplanation {
  readonly machineResourceId: string;
  readonly userName: string;
  /** Whether the machine has this user. */
  readonly userExists: boolean;
  readonly groupNames: readonly string[];
  readonly path: string;
  readonly resource?: string;
  readonly identityResourceId?: string;
  readonly mode: 'Audit' | 'Enforce' | 'Disabled';
  readonly decision: 'Allow' | 'Deny';
  readonly rule: string;
  readonly profileVersionId?: string;
  /** Whether the request gets through: a denial in Audit does. */
  readonly passes: boolean;
}

/** `POST /access/simulation`: what a draft would have decided otherwise. */
export interface OperatorSimulation extends Simulation {
  readonly machineResourceId: string;
  readonly since: string;
}

/** `GET /access/learning`: the smallest profile that allows what happened. */
export interface OperatorLearnedProfile extends LearnedProfile {
  readonly machineResourceId: string;
  readonly since: string;
}
