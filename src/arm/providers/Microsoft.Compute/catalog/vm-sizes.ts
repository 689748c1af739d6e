import { type Refusal, refuse } from '../../../../core/refusal.ts';

/** A size of machines. Here it changes nothing: a sandbox takes what it needs of its host. */
export interface VmSize {
  readonly name: string;
  readonly family: string;
  readonly cores: number;
  readonly memoryMb: number;
  readonly temporaryDiskMb: number;
  readonly dataDisks: number;
}

/** The sizes that are known. */
export interface VmSizes {
  /** Those of which everything is known, by family and size. */
  readonly described: readonly VmSize[];
  /** Without regard to case; undefined for a size that is known by its name alone, or not at all. */
  find(name: string): VmSize | undefined;
  has(name: string): boolean;
}

let loaded: Promise<VmSizes> | undefined;

/** Loads the table that is shipped, once; it names its sources. */
export function loadVmSizes(): Promise<VmSizes> {
  loaded ??= import('./vm-sizes.json', { with: { type: 'json' } }).then((module) => sizesOf(module.default.families));
  return loaded;
}

/** A row is a name, and for most sizes: vCPUs, memory in MB, temporary disk in MB, data disks. */
function sizesOf(families: Readonly<Record<string, readonly string[]>>): VmSizes {
  const names = new Set<string>();
  const described = new Map<string, VmSize>();
  for (const [family, rows] of Object.entries(families)) {
    for (const row of rows) {
      const [name = '', ...numbers] = row.split(' ');
      const [cores, memoryMb, temporaryDiskMb, dataDisks] = numbers.map(Number);
      names.add(name.toLowerCase());
      if (cores === undefined || memoryMb === undefined || temporaryDiskMb === undefined || dataDisks === undefined)
        continue;
      described.set(name.toLowerCase(), { name, family, cores, memoryMb, temporaryDiskMb, dataDisks });
    }
  }
  return {
    described: [...described.values()],
    find: (name) => described.get(name.toLowerCase()),
    has: (name) => names.has(name.toLowerCase()),
  };
}

/** The table's newest generation is the seventh: of a later one any size may be. */
const later = /^Standard_[A-Z]{1,4}\d+[A-Za-z\d_-]*_v([89]|\d{2})$/i;

/** Refuses `InvalidParameter` for what is no size. Undefined is none that was asked for. */
export async function judgeVmSize(name: unknown, target = 'vmSize'): Promise<Refusal | undefined> {
  if (typeof name !== 'string' || later.test(name) || (await loadVmSizes()).has(name)) return undefined;
  return refuse(
    'InvalidParameter',
    `The value ${name} provided for the VM size is not valid. The sizes of a region are listed by 'az vm list-sizes --location {region}'.`,
    { target },
  );
}
