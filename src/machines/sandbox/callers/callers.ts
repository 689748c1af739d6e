// Who is at the other end of a machine's connections. The kernel's table of the machine's network says which user opened the
// socket there, the machine's account files what that user is called, and the open files of its processes which
// program holds it. What is not certain is nobody.

import type { Socket } from 'node:net';
import type { CallerProcess, LocalUser } from '../../../core/access/caller.ts';
import type { Caller } from '../../../core/ports/caller.ts';
import { type IdMap, userInside } from '../id-map.ts';
import { accountFiles } from './account-files.ts';
import { findProcess } from './find-process.ts';
import type { FindLocalUser } from './local-users.ts';
import { lookWithin } from './look-within.ts';
import { networkTables, type PeerLookup, peerLookup } from './peer-lookup.ts';
import type { HeldEnd } from './socket-table.ts';

/** What callers are found by. */
export interface CallerPlaces {
  readonly peers: PeerLookup;
  readonly users: () => Promise<FindLocalUser>;
  /** Which of the machine's users a uid of the table is. */
  readonly userInside: (uid: number) => number | undefined;
  readonly findProcess: (inode: number) => Promise<CallerProcess | undefined>;
  /** Another number once the names or groups of users have changed; default never. */
  readonly edition?: () => number;
}

/** Says who is at the other end of an accepted connection. */
export type CallerOf = (socket: Socket) => Caller;

/** A machine whose callers are to be known. */
export interface CalledMachine {
  readonly initPid: number;
  readonly supervisorPid: number;
  readonly map: IdMap;
  readonly folder: string;
}

/** The callers of one machine. */
export interface MachineCallers {
  readonly callerOf: CallerOf;
  /** To be called when the machine's account files have changed: connections that are open are called by them too. */
  renewNames(): void;
}

/** The callers of a machine, its first process entered by `nsenter` where that is needed. */
export function machineCallers(
  { initPid, supervisorPid, map, folder }: CalledMachine,
  nsenter: string,
): MachineCallers {
  const within = { nsenter, userNamespace: `/proc/${supervisorPid}/ns/user`, initPid };
  let edition = 0;
  const callerOf = callersBy({
    peers: peerLookup(networkTables(initPid)),
    users: accountFiles(folder),
    userInside: (uid) => userInside(map, uid),
    findProcess: map.kind === 'range' ? lookWithin(within) : (inode) => findProcess(inode, initPid),
    edition: () => edition,
  });
  return {
    callerOf,
    renewNames() {
      edition += 1;
    },
  };
}

/**
 * Callers by these places. The user is looked for at once, while a client that closes early is still there; the program
 * when it is first asked for.
 */
export function callersBy(places: CallerPlaces): CallerOf {
  return (socket) => new ConnectionCaller(socket, places);
}

/** One connection's caller: each lookup is made once and its result kept; only what the user is called can change. */
class ConnectionCaller implements Caller {
  readonly #socket: Socket;
  readonly #places: CallerPlaces;
  readonly #end: Promise<HeldEnd | undefined>;
  #user: LocalUser | undefined | Promise<LocalUser | undefined>;
  #edition: number | undefined;
  #process: Promise<CallerProcess | undefined> | undefined;
  #known: CallerProcess | undefined;

  constructor(socket: Socket, places: CallerPlaces) {
    this.#socket = socket;
    this.#places = places;
    this.#end = places.peers.find(socket);
    this.#user = this.#findUser();
  }

  user(): LocalUser | undefined | Promise<LocalUser | undefined> {
    if (this.#edition !== this.#places.edition?.()) this.#user = this.#findUser();
    return this.#user;
  }

  process(): Promise<CallerProcess | undefined> {
    this.#process ??= this.#findProcess();
    return this.#process;
  }

  knownProcess(): CallerProcess | undefined {
    return this.#known;
  }

  async #findUser(): Promise<LocalUser | undefined> {
    const edition = this.#places.edition?.();
    this.#edition = edition;
    const user = await this.#nameUser().catch(() => undefined);
    // From here on the answer needs no turn of the event loop.
    if (this.#edition === edition) this.#user = user;
    return user;
  }

  async #nameUser(): Promise<LocalUser | undefined> {
    const end = await this.#end;
    const uid = end === undefined ? undefined : this.#places.userInside(end.uid);
    return uid === undefined ? undefined : (await this.#places.users())(uid);
  }

  /** INVARIANT: the same user holds the same socket after the search as before, or the program is nobody's. */
  async #findProcess(): Promise<CallerProcess | undefined> {
    const before = await this.#end;
    if (before === undefined) return undefined;
    const found = await this.#places.findProcess(before.inode);
    const after = found === undefined ? undefined : await this.#places.peers.find(this.#socket);
    if (after?.uid === before.uid && after.inode === before.inode) this.#known = found;
    return this.#known;
  }
}
