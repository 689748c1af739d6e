import type { JsonObject } from '../core/json.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { CurrentRealism } from '../core/ports/realism.ts';
import { documentKey, type Store } from '../core/ports/store.ts';
import { changeRealism, formatRealism, parseRealism, type Realism } from '../core/realism/realism.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';

const key = documentKey('/host/realism');

/** The settings, kept across restarts, and how they are changed while Postern runs. */
export interface RealismSwitch extends CurrentRealism {
  change(change: JsonObject): Promise<Realism | Refusal>;
  /** Calls `listener` with the settings of now, and after each change; a change waits for it. */
  follow(listener: (settings: Realism) => Promise<void>): Promise<void>;
}

/** Opens the settings; a preset that the start names goes before what was kept. */
export async function openRealism(store: Store, clock: Clock, preset: string | undefined): Promise<RealismSwitch> {
  let settings = parseRealism((await store.get(key))?.body);
  const listeners: ((settings: Realism) => Promise<void>)[] = [];
  const change = async (wanted: JsonObject): Promise<Realism | Refusal> => {
    const changed = changeRealism(settings, wanted, clock.now());
    if (isRefusal(changed)) return changed;
    await store.transact([{ put: key, body: formatRealism(changed) }]);
    settings = changed;
    for (const listener of listeners) await listener(changed);
    return changed;
  };
  if (preset !== undefined) {
    const started = await change({ preset });
    if (isRefusal(started)) throw new Error(started.message);
  }
  return {
    current: () => settings,
    change,
    follow: async (listener) => {
      listeners.push(listener);
      await listener(settings);
    },
  };
}
