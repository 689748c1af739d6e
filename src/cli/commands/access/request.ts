import { type Command, Option } from 'commander';
import { type CommandContext, examples } from '../../command.ts';
import { exitStatus } from '../../exit-status.ts';
import { printable } from '../../printable.ts';
import type { Terminal } from '../../terminal.ts';
import { parseLength } from './duration.ts';
import { chooseEligible, listEligible } from './eligibility.ts';
import { type Answered, type MachineClient, openMachineClient } from './machine-client.ts';

interface RequestOptions {
  readonly role: string;
  readonly scope?: string;
  readonly for: string;
  readonly reason: string;
  readonly clientId?: string;
  readonly wait?: boolean;
  readonly json?: boolean;
}

/** `postern access request`: run inside a machine, asks for a role that its identity is eligible for, for oneself and for a time. */
export function addRequest(access: Command, { terminal, end }: CommandContext): void {
  access
    .command('request')
    .description('inside a machine: ask for a role for yourself, for a time')
    .requiredOption('--role <role>', 'its name or GUID; one that the identity is eligible for')
    .option('--scope <id>', 'the resource id at which; default where the identity is eligible for it')
    .addOption(new Option('--for <time>', 'for how long: 30m, 1h, 1h30m').default('1h'))
    .requiredOption('--reason <text>', 'why: whoever decides reads it')
    .option('--client-id <id>', 'the identity, where the machine has several')
    .option('--wait', 'wait until it is decided')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples('postern access request --role Contributor --for 1h --reason "the disk is full" --wait'),
    )
    .action(async (options: RequestOptions) => {
      const outcome = await request(options);
      if ('failed' in outcome) {
        terminal.err(`postern: ${outcome.failed}`);
        return end(exitStatus.failed);
      }
      terminal.out(options.json ? JSON.stringify(outcome, null, 2) : formatRequest(outcome, terminal));
      end(['Denied', 'TimedOut', 'Canceled', 'Failed'].includes(outcome.status) ? exitStatus.denied : exitStatus.ok);
    });
}

/** A request as it stands. */
interface Requested {
  readonly id: string;
  readonly status: string;
  readonly role: string;
  readonly scope: string;
  /** What the one who decided said. */
  readonly decision?: string;
}

type Failed = { readonly failed: string };

async function request(options: RequestOptions): Promise<Requested | Failed> {
  const duration = parseLength(options.for);
  if (duration === undefined) return { failed: `'${options.for}' is not a length of time: it must be like 30m or 1h.` };
  const client = await connect(options.clientId);
  if ('failed' in client) return client;
  const eligible = await listEligible(client);
  if ('failed' in eligible) return eligible;
  const chosen = chooseEligible(eligible, options.role, options.scope);
  if ('failed' in chosen) return chosen;
  const { randomUUID } = await import('node:crypto');
  const path = `${chosen.scope}/providers/Microsoft.Authorization/roleAssignmentScheduleRequests/${randomUUID()}`;
  const properties = {
    principalId: client.principalId,
    roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${chosen.roleId}`,
    requestType: 'SelfActivate',
    justification: options.reason,
    scheduleInfo: { expiration: { type: 'AfterDuration', duration } },
  };
  const asked = requestedOf(await client.ask('PUT', path, { body: { properties } }), chosen.roleName);
  return 'failed' in asked || options.wait !== true ? asked : decided(client, path, asked);
}

async function connect(clientId: string | undefined): Promise<MachineClient | Failed> {
  try {
    return await openMachineClient(process.env, clientId);
  } catch {
    return {
      failed: 'no metadata service answers here: run this inside a machine (`postern shell`, `postern vm exec`).',
    };
  }
}

function requestedOf({ body }: Answered, role: string): Requested | Failed {
  if (body.error !== undefined) {
    const why = (body.error.details ?? []).map(({ message }) => ` ${message}`).join('');
    return { failed: `${body.error.message}${why}` };
  }
  const { status, scope } = body['properties'] as { status: string; scope: string };
  return { id: String(body['name']), status, role, scope };
}

/** Asks every two seconds, until somebody has decided. */
async function decided(client: MachineClient, path: string, first: Requested): Promise<Requested | Failed> {
  const { setTimeout: wait } = await import('node:timers/promises');
  let latest: Requested | Failed = first;
  while (!('failed' in latest) && latest.status === 'PendingApproval') {
    await wait(2000);
    const answer = await client.ask('GET', path);
    latest = requestedOf(answer, first.role);
    if (!('failed' in latest)) latest = { ...latest, ...(await decisionOn(client, answer)) };
  }
  return latest;
}

/** What the one who decided said, if it was decided and something was said. */
async function decisionOn(client: MachineClient, { body }: Answered): Promise<Pick<Requested, 'decision'>> {
  const { approvalId } = body['properties'] as { approvalId: string };
  const approval = (await client.ask('GET', approvalId, { apiVersion: '2021-01-01-preview' })).body['properties'];
  const [stage] = (approval as { stages: readonly { properties: { justification?: string } }[] }).stages;
  const decision = stage?.properties.justification;
  return decision === undefined ? {} : { decision };
}

function formatRequest({ id, status, role, scope, decision }: Requested, terminal: Terminal): string {
  const isGranted = status === 'Provisioned';
  const shown = terminal.paint(isGranted ? 'green' : 'yellow', status);
  const next = status === 'PendingApproval' ? `\nAn operator decides: postern access approve ${id}` : '';
  const said = decision === undefined ? '' : `: ${printable(decision)}`;
  return `${shown}: ${role} at ${scope}${said}\nrequest ${id}${next}`;
}
