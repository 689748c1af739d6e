import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { EpochMillis } from '../time.ts';

/** In which of its ways Postern is like Azure where Azure is slower or less strict: so that code that must cope can be tested. */
export interface Realism {
  /** Whether IMDS limits a machine's requests: 20 a second and 5 at once for tokens, 5 a second for the rest. */
  readonly rateLimits: boolean;
  /** For how long a role assignment that is made or deleted has no effect yet. */
  readonly assignmentDelaySeconds: number;
  /** Whether a token opens Resource Manager until it expires, also when its identity was deleted or taken off the machine. */
  readonly tokensOutliveAccess: boolean;
  readonly updating?: Updating;
}

/** While IMDS is "being updated": what it answers, and until when. */
interface Updating {
  readonly status: 404 | 410 | 500;
  readonly until: EpochMillis;
}

/** Postern's own behaviour. */
export const unrealistic: Realism = { rateLimits: false, assignmentDelaySeconds: 0, tokensOutliveAccess: false };

/**
 * Azure's. Role assignments take up to ten minutes there; a minute is what one mostly waits.
 * @see https://learn.microsoft.com/azure/role-based-access-control/troubleshooting, "Role assignment changes are not being detected"
 */
export const azureRealism: Realism = { rateLimits: true, assignmentDelaySeconds: 60, tokensOutliveAccess: true };

/** The presets by name. */
export const realismPresets: Readonly<Record<string, Realism>> = { off: unrealistic, azure: azureRealism };

/** The longest delay and the longest update, in seconds. */
const maxDelaySeconds = 86_400;

/**
 * The settings with what a request changes: `preset` first, then `rateLimits`, `assignmentDelaySeconds`, `tokensOutliveAccess`, and
 * `updatingSeconds` with `updatingStatus`. Refuses `InvalidParameter`, naming the setting.
 */
export function changeRealism(current: Realism, change: JsonObject, now: EpochMillis): Realism | Refusal {
  const { preset, rateLimits, assignmentDelaySeconds, tokensOutliveAccess } = change;
  const base = preset === undefined ? current : realismPreset(String(preset));
  if (base === undefined) return invalid(`There is no preset '${String(preset)}': use azure or off.`);
  const wrong = refuseSettings(change);
  if (wrong !== undefined) return wrong;
  const { updating: before, ...settings } = base;
  const updating = changeUpdate(before !== undefined && before.until > now ? before : undefined, change, now);
  if (updating !== undefined && isRefusal(updating)) return updating;
  return {
    ...settings,
    ...(typeof rateLimits === 'boolean' ? { rateLimits } : {}),
    ...(typeof assignmentDelaySeconds === 'number' ? { assignmentDelaySeconds } : {}),
    ...(typeof tokensOutliveAccess === 'boolean' ? { tokensOutliveAccess } : {}),
    ...(updating === undefined ? {} : { updating }),
  };
}

function realismPreset(name: string): Realism | undefined {
  return Object.hasOwn(realismPresets, name) ? realismPresets[name] : undefined;
}

/** What each setting may be. */
const allowed: Readonly<Record<string, { readonly is: (value: Json) => boolean; readonly must: string }>> = {
  preset: { is: () => true, must: 'is azure or off' },
  rateLimits: { is: isFlag, must: 'is true or false' },
  tokensOutliveAccess: { is: isFlag, must: 'is true or false' },
  assignmentDelaySeconds: { is: isSeconds, must: `is a whole number from 0 to ${maxDelaySeconds}` },
  updatingSeconds: { is: isSeconds, must: `is a whole number from 0 to ${maxDelaySeconds}` },
  updatingStatus: { is: isUpdatingStatus, must: 'is 404, 410 or 500' },
};

function refuseSettings(change: JsonObject): Refusal | undefined {
  for (const [name, value] of Object.entries(change)) {
    const setting = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
    if (setting === undefined) return invalid(`There is no setting '${name}'.`);
    if (value !== undefined && !setting.is(value)) return invalid(`'${name}' ${setting.must}, not '${String(value)}'.`);
  }
  return undefined;
}

/** The update of IMDS that goes on after a change, when one does: `updatingStatus` alone changes the one that is under way. */
function changeUpdate(
  underWay: Updating | undefined,
  { updatingSeconds, updatingStatus }: JsonObject,
  now: EpochMillis,
): Updating | Refusal | undefined {
  const status = isUpdatingStatus(updatingStatus) ? updatingStatus : undefined;
  if (typeof updatingSeconds === 'number') {
    if (updatingSeconds === 0) return undefined;
    return { status: status ?? 410, until: (now + updatingSeconds * 1000) as EpochMillis };
  }
  if (status === undefined) return underWay;
  if (underWay !== undefined) return { ...underWay, status };
  return invalid("'updatingStatus' needs 'updatingSeconds': IMDS is not being updated now.");
}

function invalid(message: string): Refusal {
  return refuse('InvalidParameter', message);
}

/** The settings from what `formatRealism` made of them; what is missing is off. */
export function parseRealism(stored: Json | undefined): Realism {
  const { rateLimits, assignmentDelaySeconds, tokensOutliveAccess } = isJsonObject(stored) ? stored : {};
  return {
    rateLimits: rateLimits === true,
    assignmentDelaySeconds: isSeconds(assignmentDelaySeconds) ? assignmentDelaySeconds : 0,
    tokensOutliveAccess: tokensOutliveAccess === true,
  };
}

/** The settings as they are kept: an update of IMDS ends with the process. */
export function formatRealism({ updating: _, ...settings }: Realism): JsonObject {
  return { ...settings };
}

function isSeconds(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= maxDelaySeconds;
}

function isFlag(value: Json | undefined): value is boolean {
  return typeof value === 'boolean';
}

function isUpdatingStatus(value: Json | undefined): value is Updating['status'] {
  return value === 404 || value === 410 || value === 500;
}
