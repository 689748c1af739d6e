import { concealRefusal } from '../../../../core/conceal.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { evaluateBody } from '../../../../core/template/body.ts';
import { isValue } from '../../../../core/template/expression/evaluated.ts';
import type { PlannedResource } from '../../../../core/template/planned-resource.ts';
import type { InnerAnswer, InnerDoor } from '../../../provider-contract.ts';
import type { ActiveRun } from './active-runs.ts';
import type { DeploymentRecord } from './deployment-record.ts';
import { describeResource } from './new-deployment.ts';
import type { ResourceLoader } from './resource-loader.ts';
import { Slots } from './slots.ts';

/** How many resources of one deployment are made at the same time. Our own choice. */
const atOnce = 16;

/** What a resource came to: `skipped` when something that it needs failed, or the deployment was canceled. */
type Done = 'done' | 'skipped' | Refusal;

/** What the tasks work with. */
export interface TaskPorts {
  readonly inner: InnerDoor;
  readonly record: DeploymentRecord;
  readonly loader: ResourceLoader;
}

/** Makes the resources of a plan: a task for each, begun once and waited for by those that need it. */
export class ResourceTasks {
  readonly #run: ActiveRun;
  readonly #ports: TaskPorts;
  readonly #slots = new Slots(atOnce);
  readonly #tasks = new Map<string, Promise<Done>>();
  readonly #byKey: ReadonlyMap<string, PlannedResource>;
  /** What each waits for, by the plan and by what its evaluation came upon. */
  readonly #waits: Map<string, Set<string>>;

  constructor(run: ActiveRun, ports: TaskPorts) {
    this.#run = run;
    this.#ports = ports;
    const { resources, needs } = run.prepared.plan;
    this.#byKey = new Map(resources.map((resource) => [resource.key, resource]));
    this.#waits = new Map([...needs].map(([key, own]) => [key, new Set(own)]));
  }

  /** Makes everything; answers what failed, in the order of the template. */
  async all(): Promise<readonly Refusal[]> {
    const { resources } = this.#run.prepared.plan;
    const done = await Promise.all(resources.map(({ key }) => this.#task(key)));
    return done.filter(isRefusal);
  }

  #task(key: string): Promise<Done> {
    const begun = this.#tasks.get(key);
    if (begun !== undefined) return begun;
    const resource = this.#byKey.get(key);
    const task = resource === undefined || !resource.deployed ? Promise.resolve('done' as const) : this.#make(resource);
    this.#tasks.set(key, task);
    return task;
  }

  async #make(resource: PlannedResource): Promise<Done> {
    const { plan } = this.#run.prepared;
    const before = await Promise.all([...(plan.needs.get(resource.key) ?? [])].map((key) => this.#task(key)));
    if (before.some((one) => one !== 'done') || this.#run.canceled) return 'skipped';
    const { record } = this.#ports;
    const operation = await record.begin('Create', describeResource(resource));
    const written = await this.#write(resource);
    const outcome = isRefusal(written)
      ? concealRefusal(written, this.#run.prepared.behalf.secrets ?? new Set())
      : written;
    await record.end(operation, outcome);
    return isRefusal(outcome) ? { ...outcome, target: outcome.target ?? resource.id } : 'done';
  }

  async #write(resource: PlannedResource): Promise<InnerAnswer | Refusal> {
    const { loader, inner } = this.#ports;
    const body = await loader.evaluate(
      () => evaluateBody(resource, loader.environment()),
      (planned) => this.#waitFor(resource, planned),
    );
    if (!isValue(body)) return body;
    const { id, apiVersion } = resource;
    return this.#slots.run(async () =>
      this.#run.canceled
        ? refuse('DeploymentCanceled', `The deployment was canceled before '${id}' was made.`)
        : inner.ask(this.#run.prepared.behalf, { method: 'PUT', path: id, apiVersion, body: body.value }),
    );
  }

  /** Waits for a resource that an expression refers to. Refuses what would wait for itself. */
  async #waitFor({ key, id }: PlannedResource, planned: string): Promise<Refusal | undefined> {
    if (planned === key || this.#waitsFor(planned, key)) {
      return refuse(
        'InvalidTemplate',
        `Circular dependency detected on resource: '${id}': it refers to '${planned}', which waits for it.`,
      );
    }
    this.#waits.get(key)?.add(planned);
    const done = await this.#task(planned);
    if (done === 'done') return undefined;
    return refuse('DeploymentFailed', `The resource '${planned}', to which '${id}' refers, was not made.`);
  }

  #waitsFor(from: string, target: string, seen = new Set<string>()): boolean {
    if (seen.has(from)) return false;
    seen.add(from);
    const own = this.#waits.get(from) ?? new Set<string>();
    return own.has(target) || [...own].some((next) => this.#waitsFor(next, target, seen));
  }
}
