import { constants } from 'node:fs';
import { lstat, mkdir, open, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Refusal, refuse } from '../core/refusal.ts';

/**
 * Makes the folder of challenges where it is absent. Refuses one that is, or lies behind, a symbolic link, or that others own or
 * may write to: a challenge would go where somebody else reads it.
 */
export async function prepareFolder(folder: string): Promise<Refusal | undefined> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (let path = folder; path !== dirname(path); path = dirname(path)) {
      const wrong = await refuseFolder(path);
      if (wrong !== undefined) return wrong;
    }
    return await refuseOwner(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const made = `sudo install -d -m 0700 -o ${process.getuid?.()} ${folder}`;
    return unusable(folder, `it cannot be made or read (${code}). Make it once, for who runs Postern: ${made}`);
  }
}

/** Writes a challenge that was not there before, readable by its owner alone; answers how it is taken away. */
export async function writeChallenge(folder: string, name: string, secret: string): Promise<() => Promise<void>> {
  const path = join(folder, name);
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0);
  const file = await open(path, flags, 0o600);
  try {
    // Clients send what they read as it is: no line end.
    await file.writeFile(secret);
  } finally {
    await file.close();
  }
  return () => unlink(path).catch(() => undefined);
}

async function refuseFolder(path: string): Promise<Refusal | undefined> {
  const found = await lstat(path);
  if (found.isSymbolicLink()) return unusable(path, 'it is a symbolic link');
  if (!found.isDirectory()) return unusable(path, 'it is no folder');
  const isSticky = (found.mode & 0o1000) !== 0;
  const isOpen = (found.mode & 0o022) !== 0 && !isSticky;
  return isOpen ? unusable(path, `others may write to it (mode ${(found.mode & 0o777).toString(8)})`) : undefined;
}

/** Who owns the folder may put another file in a challenge's place. */
async function refuseOwner(folder: string): Promise<Refusal | undefined> {
  const { uid } = await lstat(folder);
  const own = process.getuid?.();
  return own === undefined || uid === own || uid === 0 ? undefined : unusable(folder, `it belongs to uid ${uid}`);
}

function unusable(path: string, why: string): Refusal {
  return refuse('InvalidParameter', `Arc's clients take challenges from ${path}, and ${why}.`);
}
