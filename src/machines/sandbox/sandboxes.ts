import { Lanes } from '../../core/lanes.ts';
import type {
  MachineEntry,
  MachineScript,
  MachineSpec,
  MachineSupport,
  RunningMachine,
  ScriptOutcome,
} from '../../core/ports/machine-host.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { foldId, nameOf } from '../../core/resource-id.ts';
import { type Ability, findIdFacts } from './ability.ts';
import { listAccounts } from './accounts.ts';
import { formatEntry } from './entry.ts';
import type { Ground } from './ground.ts';
import type { HostView } from './host-view.ts';
import { hasId } from './id-map.ts';
import { endMachine, isUp, type LiveMachine } from './live-machine.ts';
import { formatOneIdOnly } from './one-id-only.ts';
import type { SandboxHost, SandboxHostOptions } from './options.ts';
import type { MachineRecord } from './record.ts';
import { findFault } from './specification.ts';
import { changeAccounts, renewRecord, startMachine } from './start-machine.ts';
import { endStrays } from './stray.ts';

/** What a running machine is, with what it was made by. */
interface Sandbox {
  readonly machine: LiveMachine;
  readonly ability: Ability;
  readonly view: HostView;
}

/** The machines of this process, by folded resource id. What changes one machine runs one after another. */
export class Sandboxes implements SandboxHost {
  readonly #options: SandboxHostOptions;
  readonly #ground: Ground;
  readonly #records: Map<string, MachineRecord>;
  readonly #live = new Map<string, Sandbox>();
  readonly #lanes = new Lanes();
  readonly #scripts = new Map<AbortController, Promise<unknown>>();

  constructor(options: SandboxHostOptions, ground: Ground, records: Map<string, MachineRecord>) {
    this.#options = options;
    this.#ground = ground;
    this.#records = records;
  }

  async support(): Promise<MachineSupport> {
    const ability = await this.#ground.ability();
    return 'missing' in ability ? { supported: false, ...ability } : { supported: true, mode: ability.mode };
  }

  async start(spec: MachineSpec): Promise<RunningMachine | Refusal> {
    const fault = findFault(spec);
    if (fault !== undefined) return refuse('InvalidParameter', fault);
    const key = foldId(spec.resourceId);
    return this.#lanes.run(key, async () => {
      const ability = await this.#ground.ability();
      if ('missing' in ability) {
        return refuse('MachineHostUnavailable', `No machine can be made on this host. ${ability.missing.join(' ')}`);
      }
      return this.#startAlone(key, spec, ability);
    });
  }

  async stop(resourceId: string): Promise<void> {
    const key = foldId(resourceId);
    await this.#lanes.run(key, () => this.#end(key));
  }

  async remove(resourceId: string): Promise<void> {
    const key = foldId(resourceId);
    await this.#lanes.run(key, async () => {
      await this.#end(key);
      const record = this.#records.get(key);
      if (record === undefined) return;
      await this.#ground.removeFolder(record.vmId);
      this.#records.delete(key);
    });
  }

  running(resourceId: string): RunningMachine | undefined {
    return this.#live.get(foldId(resourceId))?.machine.running;
  }

  entry(resourceId: string, user: string): MachineEntry | Refusal | undefined {
    const sandbox = this.#live.get(foldId(resourceId));
    return sandbox === undefined ? undefined : enterAs(sandbox, user);
  }

  async run(
    resourceId: string,
    script: MachineScript,
    signal: AbortSignal,
  ): Promise<ScriptOutcome | Refusal | undefined> {
    const sandbox = this.#live.get(foldId(resourceId));
    if (sandbox === undefined) return undefined;
    const entry = enterAs(sandbox, script.user);
    if (isRefusal(entry)) return entry;
    const { runScript } = await import('./run-script.ts');
    const ending = new AbortController();
    const either = AbortSignal.any([signal, ending.signal]);
    const running = runScript({ entry, script, signal: either, isUp: () => isUp(sandbox.machine) });
    this.#scripts.set(ending, running);
    return running.finally(() => this.#scripts.delete(ending));
  }

  async endScripts(): Promise<void> {
    for (const ending of this.#scripts.keys()) ending.abort();
    await Promise.allSettled(this.#scripts.values());
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#records.keys()].map((key) => this.stop(key)));
  }

  async sweep(): Promise<void> {
    const mine = new Set([...this.#live.values()].flatMap(({ machine }) => machine.processes.map(({ pid }) => pid)));
    const recorded = [...this.#records.values()].flatMap(({ processes }) => processes);
    await endStrays(recorded.filter(({ pid }) => !mine.has(pid)));
    await this.#ground.finishRemovals();
  }

  async #startAlone(key: string, spec: MachineSpec, ability: Ability): Promise<RunningMachine | Refusal> {
    const record = renewRecord(spec, this.#records.get(key));
    const sandbox = this.#live.get(key);
    if (sandbox !== undefined && sandbox.machine.running.vmId === spec.vmId) {
      return this.#renewAccounts(key, sandbox, spec, record);
    }
    await this.#end(key);
    this.#records.set(key, record);
    try {
      const { machine, record: kept } = await startMachine(spec, record, ability, this.#ground, this.#options);
      this.#records.set(key, kept);
      return this.#keep(key, { machine, ability, view: this.#ground.prepare() });
    } catch (error) {
      return this.#refuseStart(spec, error as Error);
    }
  }

  #keep(key: string, sandbox: Sandbox): RunningMachine {
    this.#live.set(key, sandbox);
    const { running, ended } = sandbox.machine;
    ended.then(() => {
      if (this.#live.get(key)?.machine.running !== running) return;
      this.#live.delete(key);
      this.#options.logger?.({ level: 'warn', event: 'machineEnded', fields: { resourceId: running.resourceId } });
    });
    return running;
  }

  /** No machine that runs is restarted for its users' sake: the accounts change under it. */
  async #renewAccounts(
    key: string,
    sandbox: Sandbox,
    spec: MachineSpec,
    record: MachineRecord,
  ): Promise<RunningMachine> {
    const { machine, ability, view } = sandbox;
    const accounts = listAccounts(spec, record);
    if (JSON.stringify(accounts) === JSON.stringify(machine.accounts)) return machine.running;
    const kept = { ...record, processes: machine.processes };
    const folder = this.#ground.folderOf(spec.vmId);
    const changed = await changeAccounts(machine, accounts, kept, folder, ability, view);
    this.#records.set(key, kept);
    if (this.#live.get(key) === sandbox) this.#live.set(key, { ...sandbox, machine: changed });
    return machine.running;
  }

  #refuseStart(spec: MachineSpec, error: Error): Refusal {
    const fields = { resourceId: spec.resourceId, reason: error.message };
    this.#options.logger?.({ level: 'error', event: 'machineNotStarted', fields });
    const message = `The machine '${nameOf(spec.resourceId)}' could not be started on this host; Postern's log says why (machineNotStarted).`;
    return refuse('MachineHostUnavailable', message, { cause: { reason: error.message } });
  }

  async #end(key: string): Promise<void> {
    const sandbox = this.#live.get(key);
    if (sandbox === undefined) return;
    this.#live.delete(key);
    await endMachine(sandbox.machine);
  }
}

function enterAs({ machine, ability, view }: Sandbox, user: string): MachineEntry | Refusal {
  const account = machine.accounts.find(({ name }) => name === user);
  if (account === undefined) {
    const names = machine.accounts.map(({ name }) => name).join(', ');
    return refuse('InvalidParameter', `The machine has no user '${user}'. It has: ${names}.`);
  }
  if (!hasId(machine.map, account.id)) return refuse('MachineHostUnavailable', formatOneIdOnly(user, findIdFacts()));
  const { running, supervisorPid, map } = machine;
  return formatEntry({ initPid: running.initPid, supervisorPid, map, account }, view, ability.programs);
}
