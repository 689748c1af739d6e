import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Ability, findAbility, type Inability } from './ability.ts';
import { type HostView, viewHost } from './host-view.ts';
import type { SandboxHostOptions } from './options.ts';
import { makeRootDirectory, writeAuthorities } from './root-directory.ts';
import { runAsBuilder } from './user-namespace.ts';

const removedPrefix = '.removed-';

/** What all machines of a host stand on: how they are made, what they see of the host, their shared root. Made when first needed. */
export class Ground {
  /** The root directory of every machine. */
  readonly root: string;
  readonly #options: SandboxHostOptions;
  #ability: Promise<Ability | Inability> | undefined;
  #view: HostView | undefined;
  #authority = '';

  constructor(options: SandboxHostOptions) {
    this.#options = options;
    this.root = join(options.stateDir, 'root');
  }

  /** The folder of a machine. */
  folderOf(vmId: string): string {
    return join(this.#options.stateDir, `vm-${vmId}`);
  }

  /** How machines are made here; tried once. */
  ability(): Promise<Ability | Inability> {
    this.#ability ??= findAbility();
    return this.#ability;
  }

  /** The root directory is there, with the authority of now. */
  prepare(): HostView {
    const { caCertificatePem: pem } = this.#options;
    const authority = typeof pem === 'string' ? pem : pem();
    if (this.#view === undefined) this.#view = this.#makeRoot(authority);
    else if (this.#authority !== authority) writeAuthorities(this.root, authority);
    this.#authority = authority;
    return this.#view;
  }

  /** Takes a machine's folder away, if it is there: at once by name, then with all that is in it. */
  async removeFolder(vmId: string): Promise<void> {
    const removed = join(this.#options.stateDir, removedPrefix + vmId);
    await rename(this.folderOf(vmId), removed).catch(ignoreAbsent);
    await this.#erase(removed);
  }

  /** Finishes the removals that a killed Postern began. */
  async finishRemovals(): Promise<void> {
    const names = await readdir(this.#options.stateDir);
    for (const name of names.filter((each) => each.startsWith(removedPrefix))) {
      await this.#erase(join(this.#options.stateDir, name));
    }
  }

  #makeRoot(authority: string): HostView {
    const { toolPaths, hiddenPaths, stateDir, logger } = this.#options;
    const view = viewHost(toolPaths, [...hiddenPaths, stateDir]);
    for (const omitted of view.omitted) logger?.({ level: 'warn', event: 'machinePathNotShown', fields: { omitted } });
    makeRootDirectory(this.root, view, authority);
    return view;
  }

  /** Rootless, files of the machine's other users are not ours to delete, save as root of their user namespace. */
  async #erase(folder: string): Promise<void> {
    const ability = await this.ability();
    if ('missing' in ability || ability.mode === 'root') return rm(folder, { recursive: true, force: true });
    const map = ability.mapFor('');
    await runAsBuilder([ability.programs.rm, '-rf', '--', folder], map, ability.programs, ability.mapPrograms);
  }
}

function ignoreAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
