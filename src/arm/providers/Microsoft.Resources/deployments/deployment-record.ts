import { type ArmErrorCode, armErrors } from '../../../../core/errors/arm.ts';
import type { JsonObject } from '../../../../core/json.ts';
import { documentKey } from '../../../../core/ports/store.ts';
import { isRefusal, type Refusal } from '../../../../core/refusal.ts';
import { type EpochMillis, formatArmTime } from '../../../../core/time.ts';
import type { InnerAnswer, ProviderContext } from '../../../provider-contract.ts';
import { deploymentKey, formatDuration, inState, operationsRoot, showError } from './deployment-document.ts';

/** What an operation of a deployment does. */
export type ProvisioningOperation = 'Create' | 'Read' | 'Action' | 'Delete' | 'EvaluateDeploymentOutput';

/** An operation that goes on. */
export interface BegunOperation {
  readonly operationId: string;
  readonly began: EpochMillis;
  readonly provisioningOperation: ProvisioningOperation;
  readonly target?: JsonObject;
}

/** Writes a deployment's states and operations; into a deployment that has gone, with its group, nothing. */
export class DeploymentRecord {
  readonly #context: ProviderContext;
  readonly #deploymentId: string;

  constructor(context: ProviderContext, deploymentId: string) {
    this.#context = context;
    this.#deploymentId = deploymentId;
  }

  /** The deployment is in another state from now on. */
  async enter(state: string, more: JsonObject = {}): Promise<void> {
    const { store, clock } = this.#context;
    const found = await store.get(deploymentKey(this.#deploymentId));
    if (found === undefined) return;
    const body = inState(found.body, state, clock.now(), more);
    const committed = await store.transact([{ put: found.key, body, when: { etag: found.etag } }]);
    if ('conflict' in committed) await this.enter(state, more);
  }

  async begin(provisioningOperation: ProvisioningOperation, target?: JsonObject): Promise<BegunOperation> {
    const { random, clock } = this.#context;
    const operationId = random.uuid().replaceAll('-', '').toUpperCase().slice(-16);
    const operation = {
      operationId,
      began: clock.now(),
      provisioningOperation,
      ...(target === undefined ? {} : { target }),
    };
    await this.#keep(operation, 'Running');
    return operation;
  }

  /** What an operation came to; `httpStatus` is a refusal's own. */
  async end(operation: BegunOperation, outcome: InnerAnswer | Refusal): Promise<void> {
    if (!isRefusal(outcome)) return this.#keep(operation, 'Succeeded', { statusCode: words[outcome.status] ?? 'OK' });
    const state = outcome.refused === 'DeploymentCanceled' ? 'Canceled' : 'Failed';
    const statusMessage = { status: 'Failed', error: showError(outcome) };
    return this.#keep(operation, state, {
      statusCode: words[armErrors[outcome.refused as ArmErrorCode]] ?? 'Conflict',
      statusMessage,
    });
  }

  async #keep(operation: BegunOperation, provisioningState: string, more: JsonObject = {}): Promise<void> {
    const { store, clock, random } = this.#context;
    const { operationId, began, provisioningOperation, target } = operation;
    const now = clock.now();
    const id = `${this.#deploymentId}/operations/${operationId}`;
    const body = {
      id,
      operationId,
      properties: {
        provisioningOperation,
        provisioningState,
        timestamp: formatArmTime(now),
        duration: formatDuration(now - began),
        trackingId: random.uuid(),
        ...more,
        ...(target === undefined ? {} : { targetResource: target }),
      },
    };
    const key = documentKey(`${operationsRoot(this.#deploymentId)}/${operationId}`);
    const write = { put: key, body, ...(provisioningState === 'Running' ? {} : { when: { exists: true } as const }) };
    await store.transact([write], 'process');
  }
}

const words: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'NoContent',
  400: 'BadRequest',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
};
