// Asynchronous operations: durable, taken up again after a restart, polled at two URLs. The works themselves are the
// providers'.

import type { Json } from '../../core/json.ts';
import type { Store } from '../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import type { EpochMillis } from '../../core/time.ts';
import type { UnderWay } from '../containers/under-way.ts';
import { type Provider, suspended, type Work } from '../provider-contract.ts';
import { type Recorder, record } from '../record/record.ts';
import type { Report } from '../report.ts';
import { statusOf } from '../respond/envelope.ts';
import { type AsyncOperation, formatOperation, operationKey, operationsRoot, parseOperation } from './operation.ts';

/**
 * The long-running operations: each is a document before its work begins, so that a restart takes it up again. Works are
 * idempotent; the end of each is written to its document and to the activity log.
 */
export interface Operations {
  /** Stores the operation, then sets its work going. Resolves when it is stored. */
  begin(operation: AsyncOperation): Promise<void>;
  /** Takes up what was running when the process ended, and forgets what ended long ago. Call once, at start. */
  resume(): Promise<void>;
  /** An operation that was begun in this process, once it has ended. Undefined for one that is not kept any more. */
  ended(id: string): Promise<AsyncOperation | undefined>;
  /** Resolves when no work is going on: for a graceful stop, and for tests. */
  idle(): Promise<void>;
}

/** How long an ended operation can still be polled: a week. Our own choice. */
const keptMillis = 7 * 24 * 60 * 60 * 1000;

/** Makes the operations over a store and the providers' works. */
export function operationsOver(
  context: Recorder & { readonly store: Store },
  providers: readonly Provider[],
  report: Report,
  underWay: UnderWay,
): Operations {
  const works = worksOf(providers);
  const going = new Map<string, Promise<void>>();
  const run = (operation: AsyncOperation): void => {
    const end = settle(operation, underWay)
      .then(() => finish(context, operation, works, report))
      .catch((error: unknown) => report(operation.id, error));
    going.set(operation.id, end);
    void end.then(() => going.delete(operation.id));
  };
  return {
    begin: async (operation) => {
      await context.store.transact([{ put: operationKey(operation.id), body: formatOperation(operation) }]);
      run(operation);
    },
    resume: async () => {
      const operations = (await context.store.list(operationsRoot)).map(({ body }) => parseOperation(body));
      await forgetOld(context.store, operations, context.clock.now());
      for (const operation of operations) if (operation.status === 'Running') run(operation);
    },
    ended: async (id) => {
      await going.get(id);
      const found = await context.store.get(operationKey(id));
      return found === undefined ? undefined : parseOperation(found.body);
    },
    idle: async () => {
      while (going.size > 0) await Promise.all(going.values());
    },
  };
}

/** A work on a group begins when the requests in that group have ended: those that come later are refused by its state. */
function settle({ facts }: AsyncOperation, underWay: UnderWay): Promise<void> {
  return facts === undefined ? Promise.resolve() : underWay.settled(facts.resourceId);
}

function worksOf(providers: readonly Provider[]): ReadonlyMap<string, Work> {
  return new Map(
    providers.flatMap(({ namespace, works }) =>
      Object.entries(works ?? {}).map(([name, work]) => [`${namespace}/${name}`, work] as const),
    ),
  );
}

async function finish(
  context: Recorder & { readonly store: Store },
  operation: AsyncOperation,
  works: ReadonlyMap<string, Work>,
  report: Report,
): Promise<void> {
  const outcome = await perform(operation, works, report);
  if (outcome === suspended) return;
  const ended = endOf(operation, outcome, context.clock.now());
  if (operation.facts !== undefined) {
    const failed = isRefusal(outcome);
    const httpStatus = failed ? statusOf(outcome) : operation.finalStatus;
    const stage = {
      status: failed ? 'Failed' : 'Succeeded',
      httpStatus,
      ...(failed ? { refusal: outcome } : {}),
    } as const;
    await record(context, operation.facts, stage).catch((error: unknown) => report(operation.id, error));
  }
  await context.store.transact([{ put: operationKey(operation.id), body: formatOperation(ended) }]);
}

async function perform(
  { id, namespace, work, input, correlationId }: AsyncOperation,
  works: ReadonlyMap<string, Work>,
  report: Report,
): ReturnType<Work> {
  try {
    const does = works.get(`${namespace}/${work}`);
    if (does === undefined) throw new Error(`${namespace} has no work '${work}'`);
    return await does(input, correlationId);
  } catch (error) {
    report(id, error);
    return refuse('InternalServerError', `The operation failed. Its id is '${id}'.`);
  }
}

function endOf(operation: AsyncOperation, outcome: Refusal | Json | undefined, now: EpochMillis): AsyncOperation {
  if (!isRefusal(outcome)) {
    return { ...operation, status: 'Succeeded', endMillis: now, ...(outcome === undefined ? {} : { result: outcome }) };
  }
  const { refused, message, target, details } = outcome;
  const failure = { refused, message, ...(target ? { target } : {}), ...(details ? { details } : {}) };
  const status = refused === 'OperationPreempted' || refused === 'DeploymentCanceled' ? 'Canceled' : 'Failed';
  return { ...operation, status, endMillis: now, failure };
}

async function forgetOld(store: Store, operations: readonly AsyncOperation[], now: EpochMillis): Promise<void> {
  const old = operations.filter(({ endMillis }) => endMillis !== undefined && endMillis + keptMillis < now);
  if (old.length > 0) await store.transact(old.map(({ id }) => ({ remove: operationKey(id) })));
}
