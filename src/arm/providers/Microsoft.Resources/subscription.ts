import type { Store } from '../../../core/ports/store.ts';
import { planSubscription } from '../../../core/subscription.ts';

/** Makes the tenant's first subscription on first start; does nothing where it exists. */
export async function seedSubscription(
  store: Store,
  subscription: { readonly subscriptionId: string; readonly tenantId: string; readonly displayName?: string },
): Promise<void> {
  await store.transact(planSubscription({ displayName: 'Postern', ...subscription }));
}
