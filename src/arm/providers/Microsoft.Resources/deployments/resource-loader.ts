import type { Json } from '../../../../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { templateBudget } from '../../../../core/template/expression/budget.ts';
import { type Environment, type Evaluated, isValue } from '../../../../core/template/expression/evaluated.ts';
import { keyOfWanted, type Wanted, withReferences } from '../../../../core/template/references.ts';
import type { InnerDoor } from '../../../provider-contract.ts';
import type { PreparedDeployment } from './prepare.ts';

/** What the evaluations of a whole deployment may cost together: those that await something are done again. */
const evaluations = 8_000_000;

/** How often one value may have to wait for another resource: more than a template can name. */
const mostLoads = 2000;

/** Evaluates what refers to resources, and loads them as they are asked for, with the deployer's permission. Each is loaded once. */
export class ResourceLoader {
  readonly #prepared: PreparedDeployment;
  readonly #inner: InnerDoor;
  readonly #loaded = new Map<string, Json>();
  readonly #budget = templateBudget(evaluations);

  constructor(prepared: PreparedDeployment, inner: InnerDoor) {
    this.#prepared = prepared;
    this.#inner = inner;
  }

  /** The template's environment with all that has been loaded. */
  environment(): Environment {
    const { environment, plan, request } = this.#prepared;
    return withReferences(environment, plan, request.scope, this.#loaded, this.#budget);
  }

  /**
   * Evaluates again and again until nothing is awaited any more. `ready` is asked before a resource is loaded that the
   * template makes itself: it waits until that is done.
   */
  async evaluate(
    attempt: () => Evaluated,
    ready: (planned: string) => Promise<Refusal | undefined> = async () => undefined,
  ): Promise<{ readonly value: Json } | Refusal> {
    for (let loads = 0; loads < mostLoads; loads += 1) {
      const evaluated = attempt();
      if (isValue(evaluated) || isRefusal(evaluated)) return evaluated;
      const wanted = evaluated.awaits as Wanted;
      const unready = wanted.planned === undefined ? undefined : await ready(wanted.planned);
      const failed = unready ?? (await this.#load(wanted));
      if (failed !== undefined) return failed;
    }
    return refuse('InvalidTemplate', `The template refers to more than ${mostLoads} resources.`);
  }

  async #load(wanted: Wanted): Promise<Refusal | undefined> {
    const { id, apiVersion, action, body } = wanted;
    const answer = await this.#inner.ask(this.#prepared.behalf, {
      method: action === undefined ? 'GET' : 'POST',
      path: action === undefined ? id : `${id}/${action}`,
      apiVersion,
      ...(body === undefined ? {} : { body }),
    });
    if (isRefusal(answer)) return answer;
    this.#loaded.set(keyOfWanted(wanted), answer.body ?? {});
    return undefined;
  }
}
