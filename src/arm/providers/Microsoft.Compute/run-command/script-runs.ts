import type { MachineHost, MachineScript, ScriptOutcome } from '../../../../core/ports/machine-host.ts';
import type { Refusal } from '../../../../core/refusal.ts';
import { foldId } from '../../../../core/resource-id.ts';

/** A script that was accepted for a machine. */
export interface AcceptedScript {
  readonly runId: string;
  readonly machineId: string;
  readonly script: MachineScript;
  /** Run by the action, of which a machine does one at a time. */
  readonly alone: boolean;
}

/** How a run ended where it was not by itself or by the machine's end. */
export type Interruption = 'superseded' | 'postern stopped' | 'forgotten';

interface Run extends AcceptedScript {
  readonly ending: AbortController;
  /** Resolves when it is over; undefined before it has begun. */
  over?: Promise<unknown>;
}

/**
 * The scripts that are accepted and not over. INVARIANT: they are in memory alone. They hold secrets, which are never stored,
 * and what a restart of Postern interrupted is thereby never run a second time.
 */
export class ScriptRuns {
  readonly #host: MachineHost;
  readonly #runs = new Map<string, Run>();

  constructor(host: MachineHost) {
    this.#host = host;
  }

  /** Keeps a script for the work that runs it. */
  accept(accepted: AcceptedScript): void {
    this.#runs.set(accepted.runId, { ...accepted, ending: new AbortController() });
  }

  /** Whether a script of the action is under way on the machine. */
  isBusy(machineId: string): boolean {
    return [...this.#runs.values()].some((run) => run.alone && foldId(run.machineId) === foldId(machineId));
  }

  /** Whether this process knows the run: of one that it does not know, nobody will tell the end. */
  has(runId: string): boolean {
    return this.#runs.has(runId);
  }

  /** Ends a run, or lets it not begin. Resolves when it is over; at once for one that has not begun. */
  async end(runId: string): Promise<void> {
    const run = this.#runs.get(runId);
    run?.ending.abort();
    await run?.over;
  }

  /** Runs what was accepted. Undefined when its machine does not run. */
  async perform(runId: string): Promise<ScriptOutcome | Interruption | Refusal | undefined> {
    const run = this.#runs.get(runId);
    if (run === undefined) return 'forgotten';
    try {
      if (run.ending.signal.aborted) return 'superseded';
      const running = this.#host.run(run.machineId, run.script, run.ending.signal);
      run.over = running.catch(() => undefined);
      const outcome = await running;
      if (outcome === undefined || 'refused' in outcome || outcome.end !== 'canceled') return outcome;
      return run.ending.signal.aborted ? 'superseded' : 'postern stopped';
    } finally {
      this.#runs.delete(runId);
    }
  }
}

const runsOf = new WeakMap<MachineHost, ScriptRuns>();

/** The runs on a host's machines. */
export function scriptRuns(host: MachineHost): ScriptRuns {
  const runs = runsOf.get(host) ?? new ScriptRuns(host);
  runsOf.set(host, runs);
  return runs;
}
