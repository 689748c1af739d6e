import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { EpochMillis } from '../time.ts';

/** In which of its ways Postern is like Azure where Azure is slower or less strict: so that code that must cope can be tested. */
export interface Realism {
  /** Whether IMDS limits a machine's requests: 20 a second and 5 at once for tokens, 5 a second for the rest. */
  readonly rateLimits: boolean;
  /** For how long a role assignment that is made or deleted has no effect yet. */
  readonly assignmentDelaySeconds: number;
  /** Whether a token opens Resource Manager until it expires, also when its identity was deleted or taken off the machine. */
  readonly tokensOutliveAccess: boolean;
  /** While IMDS is "being updated": what it answers, and until when. */
  readonly updating?: { readonly status: 404 | 410 | 500; readonly until: EpochMillis };
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
  const { preset, rateLimits, assignmentDelaySeconds, tokensOutliveAccess, updatingSeconds, ...rest } = change;
  const { updatingStatus = 410, ...unknown } = rest;
  const [name] = Object.keys(unknown);
  if (name !== undefined) return refuse('InvalidParameter', `There is no setting '${name}'.`);
  const base =
    preset === undefined
      ? current
      : Object.hasOwn(realismPresets, String(preset))
        ? realismPresets[String(preset)]
        : undefined;
  if (base === undefined)
    return refuse('InvalidParameter', `There is no preset '${String(preset)}': use azure or off.`);
  for (const [flag, value] of Object.entries({ rateLimits, tokensOutliveAccess })) {
    if (value !== undefined && typeof value !== 'boolean')
      return refuse('InvalidParameter', `'${flag}' is true or false.`);
  }
  for (const [seconds, value] of Object.entries({ assignmentDelaySeconds, updatingSeconds })) {
    if (value !== undefined && !isSeconds(value)) {
      return refuse(
        'InvalidParameter',
        `'${seconds}' is a whole number from 0 to ${maxDelaySeconds}, not '${String(value)}'.`,
      );
    }
  }
  if (updatingStatus !== 404 && updatingStatus !== 410 && updatingStatus !== 500) {
    return refuse('InvalidParameter', `'updatingStatus' is 404, 410 or 500, not '${String(updatingStatus)}'.`);
  }
  const until = (now + Number(updatingSeconds ?? 0) * 1000) as EpochMillis;
  const { updating: before, ...settings } = base;
  const updating = updatingSeconds === undefined ? before : { status: updatingStatus, until };
  return {
    ...settings,
    ...(typeof rateLimits === 'boolean' ? { rateLimits } : {}),
    ...(typeof assignmentDelaySeconds === 'number' ? { assignmentDelaySeconds } : {}),
    ...(typeof tokensOutliveAccess === 'boolean' ? { tokensOutliveAccess } : {}),
    ...(updating !== undefined && updating.until > now ? { updating } : {}),
  } as Realism;
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
