import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import type { JsonObject } from '../../src/core/json.ts';
import type { AccessGuard, GuardQuestion } from '../../src/core/ports/access-guard.ts';
import { type Caller, unknownCaller } from '../../src/core/ports/caller.ts';
import type { Directory, ServicePrincipal } from '../../src/core/ports/directory.ts';
import type { AttachedIdentity, MachineView } from '../../src/core/ports/machines.ts';
import { azureNotices } from '../../src/core/ports/scheduled-events.ts';
import type { IssuedToken, ManagedIdentityTokenRequest } from '../../src/core/ports/token-issuer.ts';
import type { Refusal } from '../../src/core/refusal.ts';
import type { SignIn } from '../../src/core/sign-ins/sign-in.ts';
import type { EpochMillis, EpochSeconds } from '../../src/core/time.ts';
import { systemRandom } from '../../src/host/system.ts';
import { makeAuthority } from '../../src/host/tls/authority.ts';
import { certificateAuthority } from '../../src/host/tls/certificate-authority.ts';
import { openMachineTokens } from '../../src/imds/machine-tokens.ts';
import { metadataServer } from '../../src/imds/metadata-server.ts';
import { openMetadataService } from '../../src/imds/metadata-service.ts';
import { openScheduledEvents } from '../../src/imds/scheduled-events/scheduled-events.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';

export const tokenPath = '/metadata/identity/oauth2/token';
export const arm = 'https://management.azure.com/';
export const armQuery = `?api-version=2018-02-01&resource=${encodeURIComponent(arm)}`;
export const group = '/subscriptions/5e0b7b5c-0000-4000-8000-000000000001/resourceGroups/rg1';
export const web1 = `${group}/providers/Microsoft.Compute/virtualMachines/web-1`;
export const web2 = `${group}/providers/Microsoft.Compute/virtualMachines/web-2`;
export const tenantId = '11111111-0000-4000-8000-000000000001';
/** 2024-03-07 11:07:59Z */
export const start = 1_709_809_679_000;

export function systemAssigned(machine: string, last = '1'): AttachedIdentity {
  return {
    kind: 'systemAssigned',
    principalId: `aaaaaaaa-0000-4000-8000-00000000000${last}`,
    clientId: `bbbbbbbb-0000-4000-8000-00000000000${last}`,
    resourceId: machine,
  };
}

export function userAssigned(name: string, last: string): AttachedIdentity {
  return {
    kind: 'userAssigned',
    principalId: `cccccccc-0000-4000-8000-00000000000${last}`,
    clientId: `dddddddd-0000-4000-8000-00000000000${last}`,
    resourceId: `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`,
  };
}

/** One authority for all: making one takes a while. */
const authority = await makeAuthority({ now: () => start as EpochMillis }, systemRandom);
/** Its certificate as PEM. */
export const authorityPem = authority.certificate;

export interface Response {
  readonly status: number;
  readonly reason: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: Record<string, string>;
}

/** A metadata service over fakes: two machines, a directory, an issuer whose tokens are numbered, a clock that is set. */
export async function openImds() {
  const views = new Map<string, MachineView>();
  const principals = new Map<string, ServicePrincipal>();
  const asked: ManagedIdentityTokenRequest[] = [];
  const logged: JsonObject[] = [];
  let now = start;
  let guid = 0;
  let gate: Promise<void> = Promise.resolve();
  let issuerAnswer: (() => Refusal) | undefined;
  let standingKey = 'key-1';
  const signIns: SignIn[] = [];
  let logGate: Promise<void> = Promise.resolve();
  let logFails = false;
  let callerNow = (): Caller => unknownCaller;
  let questions = 0;
  let decide: AccessGuard['decide'] = () => undefined;

  async function issueManagedIdentityToken(request: ManagedIdentityTokenRequest): Promise<IssuedToken | Refusal> {
    asked.push(request);
    const number = asked.length;
    await gate;
    if (issuerAnswer !== undefined) return issuerAnswer();
    const seconds = Math.floor(now / 1000);
    return {
      accessToken: `token-${number}`,
      notBefore: (seconds - 300) as EpochSeconds,
      expiresOn: (seconds + 86_400) as EpochSeconds,
      kid: standingKey,
      uti: `uti-${number}`,
    };
  }

  const directory = {
    tenant: { tenantId },
    servicePrincipal: (objectId: string) => principals.get(objectId),
  } as unknown as Directory;

  const timers = new Set<{ readonly at: number; readonly act: () => void }>();
  const store = openSqliteStore({ file: ':memory:' });
  const openEvents = () =>
    openScheduledEvents({
      store,
      clock: { now: () => now as EpochMillis },
      random: systemRandom,
      notices: azureNotices,
      after: (millis, act) => {
        const timer = { at: now + millis, act };
        timers.add(timer);
        return () => timers.delete(timer);
      },
    });
  const events = openEvents();
  const ports = {
    machines: { view: (resourceId: string) => views.get(resourceId) },
    issuer: { issueManagedIdentityToken, isStanding: ({ kid }: IssuedToken) => kid === standingKey },
    directory,
    signIns: {
      record: async (signIn: SignIn) => {
        await logGate;
        if (logFails) throw new Error('the disk is full');
        signIns.push(signIn);
      },
    },
    guard: {
      decide: (question: GuardQuestion) => {
        questions += 1;
        return decide(question);
      },
    },
    clock: { now: () => now as EpochMillis },
    random: {
      uuid: () => `eeeeeeee-0000-4000-8000-${String(++guid).padStart(12, '0')}`,
      bytes: (length: number) => new Uint8Array(length),
    },
  };
  const service = openMetadataService({
    ...ports,
    authority: certificateAuthority(authority),
    scheduledEvents: events,
    logger: { error: (message, fields) => logged.push({ message, ...fields }) },
  });
  const { accept, close } = metadataServer(service);

  /** A listener for each machine, as each has its own in its own network. */
  async function listen(machineResourceId: string) {
    const door = createServer((socket) => accept(socket, machineResourceId, callerNow()));
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
    return { door, port: (door.address() as AddressInfo).port };
  }
  const doors = new Map([
    [web1, await listen(web1)],
    [web2, await listen(web2)],
  ]);
  const portOf = (machine: string) => doors.get(machine)?.port ?? 0;

  function ask(
    path: string,
    more: { machine?: string; method?: string; headers?: Record<string, string | string[]>; body?: string } = {},
  ): Promise<Response> {
    const { machine = web1, method = 'GET', headers = { Metadata: 'true' }, body } = more;
    return new Promise((resolve, reject) => {
      const request = httpRequest({ host: '127.0.0.1', port: portOf(machine), path, method, headers, agent: false });
      request.on('error', reject);
      request.on('response', async (response) => {
        const text = (await response.toArray()).join('');
        resolve({
          status: response.statusCode ?? 0,
          reason: response.statusMessage ?? '',
          headers: response.headers,
          text,
          get json() {
            return JSON.parse(text) as Record<string, string>;
          },
        });
      });
      request.end(body);
    });
  }

  /** Asks without any header of ours, and answers the body as it is. */
  async function askBytes(path: string) {
    const response = await fetch(`http://127.0.0.1:${portOf(web1)}${path}`);
    return {
      headers: Object.fromEntries(response.headers),
      bytes: Buffer.from(await response.arrayBuffer()),
    };
  }

  /** Sends bytes as they are and answers all that comes back until the other side closes. */
  function raw(bytes: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(portOf(web1), '127.0.0.1', () => socket.end(bytes));
      let answer = '';
      socket.setEncoding('latin1');
      socket.on('data', (chunk) => {
        answer += chunk;
      });
      socket.on('error', reject);
      socket.on('close', () => resolve(answer));
    });
  }

  function principalOf(identity: AttachedIdentity, accountEnabled = true) {
    principals.set(identity.principalId, {
      objectId: identity.principalId,
      appId: identity.clientId,
      accountEnabled,
    } as unknown as ServicePrincipal);
  }

  return {
    /** Another key signs from now on, and the one before is gone. */
    revokeKey: () => {
      standingKey = `${standingKey}1`;
    },
    store,
    events,
    /** The same machines' tokens for the other doors. */
    machineTokens: openMachineTokens(ports),
    /** Another that finds what this one announced, as after a restart. */
    openEvents,
    asked,
    logged,
    signIns,
    /** Who is at the other end of connections from now on; by default nobody who can be identified. */
    calledBy(caller: () => Caller) {
      callerNow = caller;
    },
    /** What in-VM access control says from now on; by default there is none. */
    guardedBy(guard: AccessGuard['decide']) {
      decide = guard;
    },
    /** How often access control was asked. */
    questions: () => questions,
    /** Makes the sign-in log fail, or work again. */
    logFails(fails: boolean) {
      logFails = fails;
    },
    /** Lets no record be written until the returned function is called. */
    holdLog(): () => void {
      const held = Promise.withResolvers<void>();
      logGate = held.promise;
      return held.resolve;
    },
    ask,
    askBytes,
    raw,
    /** Makes the machine have these identities (and their principals exist): a new view, as after each change. */
    attach(machine: string, identities: readonly AttachedIdentity[], resource: JsonObject = {}) {
      for (const identity of identities) principalOf(identity);
      const vmId = `ffffffff-0000-4000-8000-00000000000${machine.slice(-1)}`;
      views.set(machine, { resourceId: machine, vmId, identities, resource });
    },
    deleteMachine: (machine: string) => views.delete(machine),
    deletePrincipal: (identity: AttachedIdentity) => principals.delete(identity.principalId),
    disablePrincipal: (identity: AttachedIdentity) => principalOf(identity, false),
    now: () => now,
    advance(seconds: number) {
      now += seconds * 1000;
      for (const timer of timers) if (timer.at <= now) timer.act();
    },
    /** Makes the issuer answer this from now on; it may throw. */
    issuerAnswers(answer: () => Refusal) {
      issuerAnswer = answer;
    },
    /** Holds tokens back until the returned function is called. */
    holdIssuer(): () => void {
      const held = Promise.withResolvers<void>();
      gate = held.promise;
      return held.resolve;
    },
    async close() {
      close();
      events.close();
      for (const { door } of doors.values()) await new Promise((resolve) => door.close(resolve));
      await store.close();
    },
  };
}

export type Imds = Awaited<ReturnType<typeof openImds>>;
