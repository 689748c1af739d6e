import { BoundedMap } from '../core/bounded-map.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { CurrentRealism } from '../core/ports/realism.ts';
import { TokenBucket } from '../core/realism/token-bucket.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { isIdentityTarget } from './routes.ts';

/** Azure's limits for one machine. @see https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service, "Rate limiting" */
const limits = {
  identity: { perSecond: 20, atOnce: 5 },
  other: { perSecond: 5, atOnce: Number.POSITIVE_INFINITY },
} as const;

type Category = keyof typeof limits;

/** What a machine has asked lately, of one category. */
interface Load {
  readonly bucket: TokenBucket;
  atOnce: number;
}

/**
 * Says whether IMDS takes a machine's request: undefined when nothing stands against it, what must be called when it has been
 * answered where requests are counted, or the refusal: `imdsThrottled`, or that of an update.
 */
export type Gate = (machineResourceId: string, url: string) => Refusal | (() => void) | undefined;

const throttled = refuse('imdsThrottled', 'Temporarily throttled, too many requests');

const updating = {
  404: refuse('imdsNotFound', 'The instance metadata service is being updated'),
  410: refuse(
    'imdsUpdating',
    'The instance metadata service is being updated; it is available again within 70 seconds',
  ),
  500: refuse('imdsUnknown', 'The instance metadata service is being updated'),
} as const;

/** Opens a gate that is as wide as the settings say. */
export function openGate({ realism, clock }: { readonly realism: CurrentRealism; readonly clock: Clock }): Gate {
  const loads = new BoundedMap<string, Load>(8192);
  return (machineResourceId, url) => {
    const settings = realism.current();
    if (settings.updating === undefined && !settings.rateLimits) return undefined;
    const now = clock.now();
    if (settings.updating !== undefined && now < settings.updating.until) return updating[settings.updating.status];
    if (!settings.rateLimits) return undefined;
    const category: Category = isIdentityTarget(url) ? 'identity' : 'other';
    const key = `${category} ${machineResourceId}`;
    const load = loads.get(key) ?? { bucket: new TokenBucket(limits[category].perSecond, now), atOnce: 0 };
    loads.set(key, load);
    if (load.atOnce >= limits[category].atOnce || !load.bucket.take(now)) return throttled;
    load.atOnce += 1;
    return () => {
      load.atOnce -= 1;
    };
  };
}
