import type { Server, Socket } from 'node:net';
import type { RunningMachine } from '../../core/ports/machine-host.ts';
import type { MachineDoors } from '../doors.ts';
import type { Account } from './accounts.ts';
import { type Booted, closeDoors } from './boot.ts';
import type { MachineCallers } from './callers/callers.ts';
import type { IdMap } from './id-map.ts';
import { identifyProcess, isRunningOn, isSameProcess, type ProcessIdentity } from './process-identity.ts';
import { endStrays, killIfThere } from './stray.ts';

/** A machine that runs. */
export interface LiveMachine {
  readonly running: RunningMachine;
  readonly supervisorPid: number;
  readonly map: IdMap;
  readonly accounts: readonly Account[];
  /** To be called when the account files have changed. */
  readonly renewNames: () => void;
  readonly processes: readonly ProcessIdentity[];
  /** Resolves once no process of the machine is left and its doors are closed. */
  readonly ended: Promise<void>;
}

/** Takes a booted machine into service: its doors lead to ours until its last process has ended. */
export function serveMachine(
  booted: Booted,
  about: Pick<LiveMachine, 'running' | 'map' | 'accounts'>,
  doors: MachineDoors,
  { callerOf, renewNames }: MachineCallers,
): LiveMachine {
  const { supervisor, supervisorPid, initPid } = booted;
  const processes = [supervisorPid, initPid].map(identifyProcess).filter((found) => found !== undefined);
  const { resourceId } = about.running;
  const connections = new Set<Socket>();
  admit(booted.doors.imds, connections, (socket) => doors.imds(socket, resourceId, callerOf(socket)));
  admit(booted.doors.cloud, connections, (socket) => doors.cloud(socket, resourceId));
  const ended = exitOf(booted).then(async () => {
    closeDoors(booted.doors);
    for (const socket of connections) socket.destroy();
    supervisor.stdin?.destroy();
    await endStrays(processes);
  });
  return { ...about, renewNames, supervisorPid, processes, ended };
}

/** Whether the machine's first process runs and has not begun to end. */
export function isUp({ processes, running }: LiveMachine): boolean {
  return processes.some((process) => process.pid === running.initPid && isRunningOn(process));
}

/** Ends every process of a machine. The kernel ends a PID namespace with its init, and waits until it is empty. */
export async function endMachine(machine: LiveMachine): Promise<void> {
  const init = machine.processes.find(({ pid }) => pid === machine.running.initPid);
  if (init !== undefined && isSameProcess(init)) killIfThere(init.pid);
  await machine.ended;
}

function admit(server: Server, connections: Set<Socket>, serve: (socket: Socket) => void): void {
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
    serve(socket);
  });
}

/** The pipe to init breaks as it ends: that is no error. */
async function exitOf({ supervisor }: Booted): Promise<void> {
  supervisor.stdin?.on('error', () => undefined);
  if (supervisor.exitCode !== null || supervisor.signalCode !== null) return;
  await new Promise((resolve) => supervisor.once('exit', resolve));
}
