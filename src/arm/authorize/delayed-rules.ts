import type { Clock } from '../../core/ports/clock.ts';
import type { Change } from '../../core/ports/store.ts';
import type { AccessRules } from '../../core/rbac/access-rules.ts';
import { accessDocumentKind } from '../../core/rbac/documents.ts';
import { applyChange } from './apply-change.ts';

/** Rules whose role assignments follow some way behind what is stored. */
export interface DelayedRules {
  /** The rules as they are now: what is due has been applied. */
  now(): AccessRules;
  take(change: Change): void;
}

/** Lets role assignments come and go in `rules` when that is `delaySeconds` old, in order; roles change at once. */
export function delayRules(rules: AccessRules, delaySeconds: number, clock: Clock): DelayedRules {
  const waiting: { readonly change: Change; readonly due: number }[] = [];
  return {
    now: () => {
      while (waiting[0] !== undefined && waiting[0].due <= clock.now()) {
        const next = waiting.shift();
        if (next !== undefined) applyChange(rules, next.change);
      }
      return rules;
    },
    take: (change) => {
      if (accessDocumentKind(change.key) === 'roleassignments') {
        waiting.push({ change, due: clock.now() + delaySeconds * 1000 });
      } else {
        applyChange(rules, change);
      }
    },
  };
}
