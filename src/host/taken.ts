/** Something that this start needs is held by another process: the data directory, or the port. */
export class HostTaken extends Error {
  override readonly name = 'HostTaken';
}

/** The data directory is another process's. */
export function dataDirectoryTaken(root: string, pid: number): HostTaken {
  return new HostTaken(
    `the data directory ${root} is in use by process ${pid}. Stop that one, or choose another with --data-dir.`,
  );
}

/** The port cannot be had; undefined when the error says something else. */
export function portTaken(error: unknown, address: string, port: number): HostTaken | undefined {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE') {
    return new HostTaken(`port ${port} on ${address} is in use by another program. Choose another with --port.`);
  }
  if (code === 'EACCES')
    return new HostTaken(`port ${port} on ${address} may not be used by this user: choose one above 1023 with --port.`);
  if (code === 'EADDRNOTAVAIL')
    return new HostTaken(`${address} is not an address of this machine. Choose another with --address.`);
  return undefined;
}
