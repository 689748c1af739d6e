import { azureLimits } from '../arm/providers/Microsoft.Authorization/authorization-context.ts';
import { azureNotices, type Notices } from '../core/ports/scheduled-events.ts';
import { doorsOver } from '../doors/doors.ts';
import { publicNames } from '../http/public-names.ts';
import type { MachineDoors } from '../machines/doors.ts';
import { type Configuration, configure, type DataPaths, type HostOptions, ownNames } from './configuration.ts';
import { openData } from './data.ts';
import { tendKeys } from './keys.ts';
import { originListener } from './listeners.ts';
import { exportLogs } from './log-exports/export-logs.ts';
import { machineHostOf } from './machine-host.ts';
import { removeMachines, restoreMachines } from './machines-at-start.ts';
import { openOperator } from './operator/open-operator.ts';
import { openRealism } from './realism.ts';
import { retainLogs } from './retention.ts';
import { tendGrants } from './schedules.ts';
import { seed, seedThroughTheDoor } from './seed.ts';
import { closeServices, openServices } from './services.ts';
import { openSignIns } from './sign-ins/open-sign-ins.ts';
import { Closing } from './stop.ts';
import { ensureCaBundle } from './tls/ca-bundle.ts';
import { certificateAuthority } from './tls/certificate-authority.ts';
import { type Certificates, ensureCertificates } from './tls/certificates.ts';
import { readTrustedIssuers } from './trusted-issuers.ts';

export type { HostOptions, LogEntry } from './configuration.ts';
export { HostTaken } from './taken.ts';

/** A host that serves. */
export interface RunningHost {
  /** `https://localhost:{port}`. */
  readonly origin: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly paths: DataPaths;
  /** Settles once the machines that ran before run again; never fails. */
  readonly machinesReady: Promise<void>;
  /** Ends every machine and removes its disk: for a data directory that is about to be removed. */
  removeMachines(): Promise<void>;
  /** Finishes requests and operations, stops the machines and lets the data directory go. */
  stop(): Promise<void>;
}

/** How long requests and operations may go on after a stop has begun. */
const graceMillis = 10_000;

/**
 * Starts Postern on a data directory: takes it, wires the services, opens the doors, makes what a first start makes, and
 * brings the machines back. Throws `HostTaken` when the data directory or the port is another process's.
 */
export async function startHost(options: HostOptions = {}): Promise<RunningHost> {
  const configuration = configure(options);
  const closing = new Closing(configuration.log);
  try {
    return await open(configuration, closing);
  } catch (error) {
    await closing.close();
    throw error;
  }
}

async function open(configuration: Configuration, closing: Closing): Promise<RunningHost> {
  const { paths, clock, random, log, address, port } = configuration;
  const startedAt = new Date(clock.now());
  const store = openData(configuration, closing);
  const certificates = await openCertificates(configuration);
  const signIns = openSignIns({ store, clock, log, keyed: certificates.signer }, closing);
  const doors: MachineDoors = {
    imds: (socket, machineResourceId, caller) => services.metadata.accept(socket, machineResourceId, caller),
    cloud: (socket) => listener.accept(socket),
  };
  const machineHost = machineHostOf(configuration, certificates.authority, doors, closing);
  let origin = 'https://localhost';
  const roleAssignmentLimits = { ...azureLimits, perSubscription: configuration.roleAssignmentLimit };
  const realism = await openRealism(store, clock, configuration.realism);
  const services = await openServices({
    realism,
    store,
    clock,
    random,
    machineHost,
    authority: certificateAuthority(certificates.signer),
    log,
    signIns,
    roleAssignmentLimits,
    trustedIssuers: readTrustedIssuers(configuration.trustedIssuers),
    keyDays: configuration.keyDays,
    notices: noticesOf(configuration.eventNoticeSeconds),
    origin: () => origin,
  });
  const exported = { store, signIns, ...services, tenantId: services.directory.tenant.tenantId, log };
  await exportLogs(configuration, exported, closing);
  closing.add('services', () => closeServices(services));
  // The services wait for their operations, and a script may run for hours.
  closing.add('scripts', () => machineHost.endScripts());
  const listener = originListener(certificates.server, certificates.authority, services.doors);
  closing.add('origin', () => listener.close(graceMillis));
  origin = `https://localhost:${await listener.listen(address, port)}`;

  const seedPorts = { ...services, store, clock, random, credentialsFile: paths.adminCredentials };
  const seeded = await seed(seedPorts);
  const door = { origin, fetch: (request: Request) => services.app.fetch(request) };
  const refusal = await seedThroughTheDoor(seedPorts, seeded, door);
  if (refusal !== undefined) log({ level: 'warn', event: 'no console', fields: { reason: refusal.refused } });
  // From here on: what a first start makes is in force at once.
  await realism.follow(({ assignmentDelaySeconds }) =>
    services.authorizer.delayAssignments(assignmentDelaySeconds, clock),
  );
  log({ level: 'info', event: 'listening', fields: { origin, dataDir: paths.root } });

  const machinesReady = restoreMachines(services, log);
  const { tenantId } = services.directory.tenant;
  const { subscriptionId } = seeded;
  const host = { origin, tenantId, subscriptionId, paths, machinesReady };
  const otherDoors = doorsOver({
    tokens: services.machineTokens,
    clock,
    random,
    isRunning: (resourceId) => machineHost.running(resourceId) !== undefined,
    acceptMetadata: services.metadata.accept,
    tokensFolder: configuration.arcTokensFolder,
  });
  closing.add('other doors', () => otherDoors.close());
  const operated = {
    ...host,
    ...services,
    ...seeded,
    store,
    machineHost,
    startedAt,
    otherDoors,
    realism,
    clock,
    signIns,
  };
  await openOperator(operated, certificates, closing);
  const grants = await tendGrants(services, roleAssignmentLimits, log);
  closing.add('schedules', () => grants.close());
  closing.add('signing keys', tendKeys(services.keys, log));
  closing.add('retention', retainLogs({ activityLog: services.activityLog, signIns, log }));
  return { ...host, removeMachines: () => removeMachines({ store, machineHost }), stop: () => closing.close() };
}

/** A deletion's notice stays the resource's own. */
function noticesOf(seconds: number | undefined): Notices {
  return seconds === undefined ? azureNotices : { ...azureNotices, Reboot: seconds * 1000, Redeploy: seconds * 1000 };
}

async function openCertificates({ paths, address, clock, random }: Configuration): Promise<Certificates> {
  const names = [...ownNames(address), ...Object.keys(publicNames)];
  const certificates = await ensureCertificates({ directory: paths.tls, names, clock, random });
  await ensureCaBundle(paths.caBundle, certificates.authorityFile);
  return certificates;
}
