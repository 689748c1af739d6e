import type { AddressInfo, Server } from 'node:net';

/** Where a server listens, and what to ask it: each connection asks for the paths in turn. */
export interface ServerReady {
  /** Default 127.0.0.1. */
  readonly host?: string;
  readonly port: number;
  readonly paths: readonly string[];
  /** Header lines. */
  readonly headers: readonly string[];
}

/** The processor time that a server has used since its start: its answer to every later message. */
export interface ServerCost {
  readonly cpuMicros: number;
}

/** A server that is ready to listen, and what to ask it. */
export interface Offered extends Omit<ServerReady, 'port'> {
  readonly server: Server;
}

/** Serves in this process what `open` makes of the first message, until the parent lets go. */
export function serveOrders<Order>(open: (order: Order) => Offered | Promise<Offered>): void {
  process.once('message', async (order: Order) => {
    const { server, ...questions } = await open(order);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    process.on('message', () => process.send?.({ cpuMicros: cpuMicros() } satisfies ServerCost));
    process.send?.({ port: (server.address() as AddressInfo).port, ...questions } satisfies ServerReady);
  });
  process.once('disconnect', () => process.exit(0));
}

/** The processor time that this process has used. */
export function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
