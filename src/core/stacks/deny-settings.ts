import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { isGuid } from '../rbac/guid.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';

const modes = ['none', 'denyDelete', 'denyWriteAndDelete'] as const;

/** What is denied on the resources of a stack, and to whom it is not. */
export interface DenySettings {
  readonly mode: (typeof modes)[number];
  readonly excludedPrincipals: readonly string[];
  readonly excludedActions: readonly string[];
  readonly applyToChildScopes: boolean;
}

/** @see Microsoft.Resources deploymentStacks swagger 2024-03-01, DenySettings */
const mostPrincipals = 5;
const mostActions = 200;

/** Reads a stack's `denySettings`. Refuses `InvalidRequestContent`. */
export function parseDenySettings(value: Json | undefined): DenySettings | Refusal {
  if (!isJsonObject(value)) return invalid("'denySettings' must be an object with a 'mode'");
  const given = String(value['mode'] ?? '');
  const mode = modes.find((one) => one.toLowerCase() === given.toLowerCase());
  if (mode === undefined) return invalid(`'denySettings.mode' must be one of '${modes.join("', '")}', not '${given}'`);
  const excludedPrincipals = textsOf(value, 'excludedPrincipals', mostPrincipals);
  if (isRefusal(excludedPrincipals)) return excludedPrincipals;
  const noGuid = excludedPrincipals.find((one) => !isGuid(one));
  if (noGuid !== undefined) {
    return invalid(`'denySettings.excludedPrincipals' must be object ids, which are GUIDs; '${noGuid}' is none`);
  }
  const excludedActions = textsOf(value, 'excludedActions', mostActions);
  if (isRefusal(excludedActions)) return excludedActions;
  const children = value['applyToChildScopes'] ?? false;
  if (typeof children !== 'boolean') return invalid("'denySettings.applyToChildScopes' must be true or false");
  return { mode, excludedPrincipals, excludedActions, applyToChildScopes: children };
}

/** Deny settings as a stack keeps and shows them. */
export function formatDenySettings({ excludedPrincipals, excludedActions, ...settings }: DenySettings): JsonObject {
  return {
    mode: settings.mode,
    ...(excludedPrincipals.length === 0 ? {} : { excludedPrincipals }),
    ...(excludedActions.length === 0 ? {} : { excludedActions }),
    applyToChildScopes: settings.applyToChildScopes,
  };
}

/** Whether a stack's `denySettings`, as they are kept or asked for, deny anything. */
export function denies(value: Json | undefined): boolean {
  return isJsonObject(value) && String(value['mode'] ?? 'none').toLowerCase() !== 'none';
}

function textsOf(settings: JsonObject, name: string, most: number): readonly string[] | Refusal {
  const value = settings[name] ?? [];
  if (!Array.isArray(value) || !value.every((one): one is string => typeof one === 'string' && one !== '')) {
    return invalid(`'denySettings.${name}' must be a list of texts`);
  }
  const unique = [...new Map(value.map((one) => [one.toLowerCase(), one])).values()];
  if (unique.length <= most) return unique;
  return invalid(`'denySettings.${name}' has at most ${most} entries; ${unique.length} were given`);
}

function invalid(why: string): Refusal {
  return refuse('InvalidRequestContent', `The request content was invalid: ${why}.`);
}
