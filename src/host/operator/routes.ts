import type { Realism } from '../../core/realism/realism.ts';
import { isRefusal } from '../../core/refusal.ts';
import type { Doors } from '../../doors/doors.ts';
import type { KeyRotation } from '../../sts/keys/rotate-keys.ts';
import type { RealismSwitch } from '../realism.ts';
import type { AccessControlPorts } from './access-control.ts';
import type { AccessRequestPorts } from './access-requests.ts';
import type { OperatorLogPorts } from './log.ts';
import { enterMachine, listMachines } from './machines.ts';
import type { OperatorRolePorts } from './roles.ts';
import type { OperatorRoutes } from './server.ts';
import type { WhyPorts } from './why.ts';
import { type OperatorEnvironment, type OperatorRealism, type OperatorStatus, operatorPaths } from './wire.ts';

/** What the operator's API answers from. */
export interface OperatorPorts
  extends WhyPorts,
    OperatorRolePorts,
    OperatorLogPorts,
    AccessControlPorts,
    AccessRequestPorts {
  readonly environment: OperatorEnvironment;
  readonly startedAt: Date;
  readonly dataDir: string;
  readonly keys: KeyRotation;
  readonly otherDoors: Doors;
  readonly realism: RealismSwitch;
  /** Settles once the machines that ran before are running again: entering one waits for that. */
  readonly machinesReady: Promise<void>;
}

/** The operator's API. */
export function operatorRoutes(ports: OperatorPorts): OperatorRoutes {
  return {
    [`GET ${operatorPaths.status}`]: () => describeStatus(ports),
    [`GET ${operatorPaths.environment}`]: async () => ports.environment,
    [`GET ${operatorPaths.machines}`]: async () => ({ machines: await listMachines(ports) }),
    [`GET ${operatorPaths.machineEntry}`]: async (query) => {
      await ports.machinesReady;
      return enterMachine(ports, query.get('machine') ?? '', query.get('user') ?? undefined);
    },
    [`GET ${operatorPaths.realism}`]: async () => showRealism(ports.realism.current()),
    [`POST ${operatorPaths.realism}`]: async (_, body) => {
      const changed = await ports.realism.change(body);
      return isRefusal(changed) ? changed : showRealism(changed);
    },
    [`POST ${operatorPaths.machineDoor}`]: async (_, body) => {
      await ports.machinesReady;
      return (await import('./machine-door.ts')).openMachineDoor(ports, body);
    },
    [`GET ${operatorPaths.why}`]: async (query) => (await import('./why.ts')).explainAccess(ports, query),
    ...roleRoutes(ports),
    ...keyRoutes(ports.keys),
    ...accessRequestRoutes(ports),
    ...logRoutes(ports),
    ...accessRoutes(ports),
  };
}

/** What lists and imports roles is loaded by the first who asks. */
function roleRoutes(ports: OperatorRolePorts): OperatorRoutes {
  const roles = () => import('./roles.ts');
  return {
    [`GET ${operatorPaths.roles}`]: async () => (await roles()).listRoleDefinitions(ports),
    [`POST ${operatorPaths.roleImport}`]: async (_, body) => (await roles()).importRoleDefinitions(ports, body),
  };
}

/** What shows and rotates keys is loaded by the first who asks. */
function keyRoutes(rotation: KeyRotation): OperatorRoutes {
  const keys = () => import('./keys.ts');
  return {
    [`GET ${operatorPaths.keys}`]: async () => (await keys()).listKeys(rotation),
    [`POST ${operatorPaths.keyRotation}`]: async (_, body) => (await keys()).rotateKeys(rotation, body),
  };
}

/** What decides on requests is loaded by the first who asks. */
function accessRequestRoutes(ports: AccessRequestPorts): OperatorRoutes {
  const requests = () => import('./access-requests.ts');
  return {
    [`GET ${operatorPaths.accessRequests}`]: async (query) => (await requests()).listAccessRequests(ports, query),
    [`POST ${operatorPaths.accessDecision}`]: async (_, body) => (await requests()).decideAccessRequest(ports, body),
  };
}

/** What reads the logs is loaded by the first who asks. */
function logRoutes(ports: OperatorLogPorts): OperatorRoutes {
  const log = () => import('./log.ts');
  return {
    [`GET ${operatorPaths.signIns}`]: async (query) => (await log()).listSignIns(ports, query),
    [`GET ${operatorPaths.signInRecords}`]: async (query) => (await log()).readRecords(ports.signIns, query),
    [`GET ${operatorPaths.activityRecords}`]: async (query) => (await log()).readRecords(ports.activityLog, query),
    [`GET ${operatorPaths.activity}`]: async (query) => (await log()).listActivity(ports, query),
    [`GET ${operatorPaths.trace}`]: async (query) => (await log()).traceToken(ports, query),
    [`GET ${operatorPaths.logVerification}`]: async (query) => (await log()).verifyRunningLog(ports, query),
  };
}

/** What explains and tries in-VM access control is loaded by the first who asks. */
function accessRoutes(ports: AccessControlPorts): OperatorRoutes {
  const access = () => import('./access-control.ts');
  return {
    [`GET ${operatorPaths.accessExplanation}`]: async (query) => (await access()).explainRequest(ports, query),
    [`POST ${operatorPaths.accessSimulation}`]: async (_, body) => (await access()).simulateProfile(ports, body),
    [`GET ${operatorPaths.accessLearning}`]: async (query) => (await access()).learnProfile(ports, query),
  };
}

function showRealism({ updating, ...settings }: Realism): OperatorRealism {
  if (updating === undefined) return settings;
  const { status, until } = updating;
  return { ...settings, updating: { status, until: new Date(until).toISOString() } };
}

async function describeStatus(ports: OperatorPorts): Promise<OperatorStatus> {
  const machines = await listMachines(ports);
  const support = await ports.machineHost.support();
  const { origin, tenantId, subscriptionId } = ports.environment;
  return {
    origin,
    pid: process.pid,
    startedAt: ports.startedAt.toISOString(),
    dataDir: ports.dataDir,
    tenantId,
    subscriptionId,
    machines: {
      total: machines.length,
      running: machines.filter(({ powerState }) => powerState === 'running').length,
      supported: support.supported,
      missing: support.supported ? [] : support.missing,
    },
  };
}
