/** A mount of the host, as /proc/self/mountinfo lists it (proc_pid_mountinfo(5)). */
export interface HostMount {
  readonly path: string;
  readonly options: readonly string[];
}

/** Parses mountinfo text. */
export function parseMountInfo(text: string): readonly HostMount[] {
  return text
    .split('\n')
    .map((line) => line.split(' '))
    .flatMap(([, , , , path, options]) =>
      path === undefined || options === undefined ? [] : [{ path: unescapePath(path), options: options.split(',') }],
    );
}

/** The options of the mount in which a path lies. */
export function mountOptionsAt(mounts: readonly HostMount[], path: string): readonly string[] {
  const above = mounts.filter((mount) => isWithin(path, mount.path));
  const longest = Math.max(...above.map((mount) => mount.path.length));
  return above.findLast((mount) => mount.path.length === longest)?.options ?? [];
}

/** The mounts strictly below a path. */
export function mountsBelow(mounts: readonly HostMount[], path: string): readonly HostMount[] {
  return mounts.filter((mount) => mount.path !== path && isWithin(mount.path, path));
}

/** Whether a path is `folder` or lies below it, by whole segments. */
export function isWithin(path: string, folder: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
}

/** Space, tab, newline and backslash are written as `\040`, `\011`, `\012` and `\134`. */
function unescapePath(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
