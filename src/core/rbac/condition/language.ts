// The language of conditions is loaded with the first condition that is met: most tenants have none, and an idle Postern is small.

/** What the language answers. */
export type ConditionLanguage = typeof import('./evaluate.ts');

let loaded: ConditionLanguage | undefined;
let loading: Promise<ConditionLanguage> | undefined;

/** Loads the language. */
export function loadConditionLanguage(): Promise<ConditionLanguage> {
  loading ??= import('./evaluate.ts').then((language) => {
    loaded = language;
    return language;
  });
  return loading;
}

/**
 * The language, or undefined while it is not there: then its loading has begun, and no condition holds until it has come. Who
 * decides for a request waits for `conditionsLoading` and asks again.
 */
export function conditionLanguage(): ConditionLanguage | undefined {
  if (loaded === undefined) void loadConditionLanguage();
  return loaded;
}

/** The loading that has begun and not ended. */
export function conditionsLoading(): Promise<unknown> | undefined {
  return loaded === undefined ? loading : undefined;
}
