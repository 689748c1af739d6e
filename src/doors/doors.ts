// The other doors: how programs that are not on a machine get its identity's tokens, as they do in App Service, on servers with
// Azure Arc, and where a pod-identity host stands in for 169.254.169.254. Each door is a listener on loopback, for one
// machine, and is opened when the operator asks for it; none survives the process.

import { isRefusal, type Refusal } from '../core/refusal.ts';
import { foldId } from '../core/resource-id.ts';
import { openAppService } from './app-service.ts';
import { openArc } from './arc.ts';
import type { DoorPorts, OpenDoor } from './door.ts';
import { openMetadataDoor } from './metadata-door.ts';

/** The kinds of doors. */
export const doorKinds = ['app-service', 'arc', 'imds'] as const;

/** The kind of a door. */
export type DoorKind = (typeof doorKinds)[number];

/** The doors of this process. */
export interface Doors {
  /** Opens a machine's door, or finds it open. */
  open(machineResourceId: string, kind: DoorKind): Promise<OpenDoor | Refusal>;
  close(): Promise<void>;
}

const openers = { 'app-service': openAppService, arc: openArc, imds: openMetadataDoor } as const satisfies Record<
  DoorKind,
  (machineResourceId: string, ports: DoorPorts) => Promise<OpenDoor | Refusal>
>;

/** Makes the doors; none is open yet. */
export function doorsOver(ports: DoorPorts): Doors {
  const open = new Map<string, Promise<OpenDoor | Refusal>>();
  return {
    open: async (machineResourceId, kind) => {
      const key = `${kind} ${foldId(machineResourceId)}`;
      const opening = open.get(key) ?? openers[kind](machineResourceId, ports);
      open.set(key, opening);
      const door = await opening;
      if (isRefusal(door)) open.delete(key);
      return door;
    },
    close: async () => {
      const doors = await Promise.all(open.values());
      open.clear();
      await Promise.all(doors.map((door) => (isRefusal(door) ? undefined : door.close())));
    },
  };
}
