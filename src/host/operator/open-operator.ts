import type { Doors } from '../../doors/doors.ts';
import type { KeyRotation } from '../../sts/keys/rotate-keys.ts';
import type { AdminCredentials } from '../admin.ts';
import type { DataPaths } from '../configuration.ts';
import type { RealismSwitch } from '../realism.ts';
import type { Closing } from '../stop.ts';
import type { Certificates } from '../tls/certificates.ts';
import type { AccessControlPorts } from './access-control.ts';
import type { AccessRequestPorts } from './access-requests.ts';
import type { OperatorLogPorts } from './log.ts';
import type { OperatorRolePorts } from './roles.ts';
import { operatorRoutes } from './routes.ts';
import { serveOperator } from './server.ts';
import type { WhyPorts } from './why.ts';
import type { OperatorEnvironment } from './wire.ts';

/** What the operator is told about. */
export interface OperatorHost
  extends WhyPorts,
    OperatorRolePorts,
    Omit<AccessControlPorts, 'signIns'>,
    Omit<OperatorLogPorts, 'authorityPem'> {
  readonly origin: string;
  readonly tenantId: string;
  readonly admin: AdminCredentials;
  readonly app: AccessRequestPorts['app'];
  readonly paths: DataPaths;
  readonly machinesReady: Promise<void>;
  readonly startedAt: Date;
  readonly keys: KeyRotation;
  readonly otherDoors: Doors;
  readonly realism: RealismSwitch;
}

/** Opens the operator's API on its socket. */
export async function openOperator(host: OperatorHost, certificates: Certificates, closing: Closing): Promise<void> {
  const routes = operatorRoutes({
    ...host,
    environment: describeEnvironment(host, certificates),
    dataDir: host.paths.root,
    authorityPem: certificates.authority,
  });
  const server = await serveOperator(host.paths.operatorSocket, routes);
  closing.add('operator', () => {
    server.close();
    server.closeAllConnections();
  });
}

function describeEnvironment(host: OperatorHost, { authorityFile }: Certificates): OperatorEnvironment {
  const { origin, tenantId, subscriptionId, admin, paths } = host;
  return {
    origin,
    tenantId,
    subscriptionId,
    clientId: admin.clientId,
    secretFile: paths.adminCredentials,
    ca: authorityFile,
    caBundle: paths.caBundle,
  };
}
