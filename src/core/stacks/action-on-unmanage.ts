import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';

/** What becomes of something that a stack does not manage any more. */
export type UnmanageAction = 'delete' | 'detach';

/** What becomes of what leaves a stack, by its kind. */
export interface ActionOnUnmanage {
  readonly resources: UnmanageAction;
  readonly resourceGroups: UnmanageAction;
  readonly managementGroups: UnmanageAction;
  /** Of a type that cannot be deleted: whether the stack lets go of it or fails. */
  readonly resourcesWithoutDeleteSupport: 'detach' | 'fail';
}

const kinds = ['resources', 'resourceGroups', 'managementGroups'] as const;

/** Reads a stack's `actionOnUnmanage`; only `resources` must be given. Refuses `InvalidRequestContent`. */
export function parseActionOnUnmanage(value: Json | undefined): ActionOnUnmanage | Refusal {
  if (!isJsonObject(value) || value['resources'] === undefined) {
    return invalid("'actionOnUnmanage.resources' is missing: use 'delete' or 'detach'");
  }
  return read((name) => value[name], 'actionOnUnmanage.');
}

/** Reads what a deletion says in its query, by lower-case names: by default everything is detached. Refuses `InvalidRequestContent`. */
export function parseUnmanageQuery(query: ReadonlyMap<string, string>): ActionOnUnmanage | Refusal {
  return read((name) => query.get(`unmanageaction.${name.toLowerCase()}`), 'unmanageAction.');
}

/** What becomes of what leaves a stack, as it is kept and shown. */
export function formatActionOnUnmanage({ resourcesWithoutDeleteSupport, ...actions }: ActionOnUnmanage): JsonObject {
  return {
    ...actions,
    ...(resourcesWithoutDeleteSupport === 'fail' ? {} : { resourcesWithoutDeleteSupport }),
  };
}

function read(valueAt: (name: string) => Json | undefined, prefix: string): ActionOnUnmanage | Refusal {
  const actions: UnmanageAction[] = [];
  for (const kind of kinds) {
    const action = oneOf(valueAt(kind), ['detach', 'delete'] as const, `${prefix}${kind}`);
    if (isRefusal(action)) return action;
    actions.push(action);
  }
  const without = 'resourcesWithoutDeleteSupport';
  const unsupported = oneOf(valueAt(without), ['fail', 'detach'] as const, `${prefix}${without}`);
  if (isRefusal(unsupported)) return unsupported;
  const [resources = 'detach', resourceGroups = 'detach', managementGroups = 'detach'] = actions;
  return { resources, resourceGroups, managementGroups, resourcesWithoutDeleteSupport: unsupported };
}

/** One of two words in any letter case; the first is meant where none is given. */
function oneOf<Word extends string>(value: Json | undefined, words: readonly [Word, Word], name: string) {
  if (value === undefined || value === null) return words[0];
  const word = words.find((one) => one === String(value).toLowerCase());
  return word ?? invalid(`'${name}' must be '${words[0]}' or '${words[1]}', not '${String(value)}'`);
}

function invalid(why: string): Refusal {
  return refuse('InvalidRequestContent', `The request content was invalid: ${why}.`);
}
