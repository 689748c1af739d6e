import type { JsonObject } from '../../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { type Doors, doorKinds } from '../../doors/doors.ts';
import { findMachine, type OperatorMachinePorts } from './machines.ts';
import type { OperatorDoor, OperatorEnvironment } from './wire.ts';

/** What opening a door needs. */
export interface OperatorDoorPorts extends OperatorMachinePorts {
  readonly otherDoors: Doors;
  readonly environment: OperatorEnvironment;
}

/** Opens a door to a machine's identity; answers what a program's environment needs for it and for what the token opens. */
export async function openMachineDoor(ports: OperatorDoorPorts, body: JsonObject): Promise<OperatorDoor | Refusal> {
  const kind = doorKinds.find((one) => one === body['door']);
  if (kind === undefined) {
    return refuse('InvalidParameter', `'${String(body['door'])}' is no door: it must be ${doorKinds.join(', ')}.`);
  }
  const machine = await findMachine(ports, String(body['machine'] ?? ''));
  if (isRefusal(machine)) return machine;
  if (machine.identity === '') {
    return refuse('InvalidParameter', `The machine '${machine.name}' has no identity: a door would lead to nothing.`);
  }
  const door = await ports.otherDoors.open(machine.resourceId, kind);
  if (isRefusal(door)) return door;
  const { origin, ca, caBundle } = ports.environment;
  const variables = {
    ...door.variables,
    AZURE_AUTHORITY_HOST: origin,
    AZURE_RESOURCE_MANAGER_ENDPOINT: origin,
    NODE_EXTRA_CA_CERTS: ca,
    REQUESTS_CA_BUNDLE: caBundle,
    SSL_CERT_FILE: caBundle,
    CURL_CA_BUNDLE: caBundle,
  };
  return { resourceId: machine.resourceId, door: kind, variables };
}
