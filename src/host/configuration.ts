import { homedir, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { azureLimits } from '../arm/providers/Microsoft.Authorization/authorization-context.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { MachineHost } from '../core/ports/machine-host.ts';
import type { Random } from '../core/ports/random.ts';
import { defaultKeyDays } from '../core/token/key-schedule.ts';
import { systemClock, systemRandom } from './system.ts';

// The host is the composition root: it alone knows every service, wires them over one store and opens the doors.
// Its files follow a host's life: configuration, TLS, services, seed, listeners, operator, stop.

/** What a start of the host can be told. Everything has a default. */
export interface HostOptions {
  /** Default: `$POSTERN_DATA_DIR`, `$XDG_DATA_HOME/postern`, `~/.local/share/postern`. */
  readonly dataDir?: string;
  /** Default 8443; 0 lets the system choose. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly address?: string;
  /**
   * What makes machines real; default sandboxes on this host. `doors`: they have no inside, only the other doors to their
   * identities. False: nothing makes one, and that is refused.
   */
  readonly machines?: boolean | 'doors' | MachineHost;
  /** `azure` or `off`: in which ways Postern is like Azure from the start on; default what it was. */
  readonly realism?: 'azure' | 'off' | undefined;
  /** Where Arc's clients look for challenges; default `/var/opt/azcmagent/tokens`, the one place that they accept. */
  readonly arcTokensFolder?: string;
  /** Folders and files of the host that every machine shows at the same path, read-only. */
  readonly machinePaths?: readonly string[];
  /** How many role assignments a subscription may have; default Azure's 4000. */
  readonly roleAssignmentLimit?: number;
  /** Issuers whose keys may be asked for, as `https://host[:port]` or `https://*.domain`; default none. */
  readonly trustedIssuers?: readonly string[];
  /** How many days a signing key signs before the next one does; at least 2, default 90. */
  readonly keyDays?: number;
  /** How long a machine that listens for its events is told before a restart, in seconds; default as long as Azure does. */
  readonly eventNoticeSeconds?: number | undefined;
  /** A file to which sign-ins are appended as JSON lines, or `-` for standard output; default none. */
  readonly logJsonl?: string | undefined;
  /** A collector of OpenTelemetry's to which sign-ins are posted; default none. */
  readonly otlpEndpoint?: string | undefined;
  /** Headers that the collector asks for. */
  readonly otlpHeaders?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly log?: (entry: LogEntry) => void;
}

/** One thing that happened: never a token, secret or assertion. */
export interface LogEntry {
  readonly level: 'info' | 'warn' | 'error';
  readonly event: string;
  readonly fields?: Readonly<Record<string, string | number | boolean>>;
}

/** The options with every default filled in. */
export interface Configuration extends Required<HostOptions> {
  readonly paths: DataPaths;
}

/** Where a data directory keeps what. Its own mode is 0700. */
export interface DataPaths {
  readonly root: string;
  readonly store: string;
  readonly tls: string;
  readonly caBundle: string;
  readonly run: string;
  readonly operatorSocket: string;
  readonly adminCredentials: string;
  readonly machines: string;
}

/** The default port of the one origin. */
export const defaultPort = 8443;

/** Fills in the defaults. */
export function configure(options: HostOptions): Configuration {
  const dataDir = resolveDataDir(options.dataDir);
  return {
    port: defaultPort,
    address: '127.0.0.1',
    machines: true,
    realism: undefined,
    arcTokensFolder: '/var/opt/azcmagent/tokens',
    machinePaths: [],
    roleAssignmentLimit: azureLimits.perSubscription,
    trustedIssuers: [],
    keyDays: defaultKeyDays,
    eventNoticeSeconds: undefined,
    logJsonl: undefined,
    otlpEndpoint: undefined,
    otlpHeaders: {},
    clock: systemClock,
    random: systemRandom,
    log: () => undefined,
    ...options,
    dataDir,
    paths: dataPaths(dataDir),
  };
}

/** The data directory that the environment names, or the one that was given. */
export function resolveDataDir(given: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  if (given !== undefined && given !== '') return resolve(given);
  if (env['POSTERN_DATA_DIR']) return resolve(env['POSTERN_DATA_DIR']);
  return join(env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'postern');
}

/** The layout of a data directory. */
export function dataPaths(root: string): DataPaths {
  return {
    root,
    store: join(root, 'postern.db'),
    tls: join(root, 'tls'),
    caBundle: join(root, 'tls', 'bundle.pem'),
    run: join(root, 'run'),
    operatorSocket: join(root, 'run', 'operator.sock'),
    adminCredentials: join(root, 'admin.json'),
    machines: join(root, 'machines'),
  };
}

/** The names that the server certificate must cover beside the public cloud's. */
export function ownNames(address: string): readonly string[] {
  const wildcard = address === '0.0.0.0' || address === '::';
  return [
    ...new Set(['localhost', '127.0.0.1', '::1', hostname().toLowerCase(), ...(wildcard ? [] : [address])]),
  ].filter((name) => /^[\da-z.:-]+$/.test(name));
}
