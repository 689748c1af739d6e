import { type Command, Option } from 'commander';
import type { OperatorDoor, OperatorMachine } from '../../host/operator/wire.ts';
import { type CommandContext, dataDirOption, examples } from '../command.ts';
import { enterMachine } from '../enter-machine.ts';
import { exitStatus } from '../exit-status.ts';
import { loginShell } from '../login-shell.ts';
import { askOperator, tellFailure, tellOperator } from '../operator-client.ts';
import { formatTable, type Terminal } from '../terminal.ts';
import { formatVariables } from './env.ts';

interface EnterOptions {
  readonly dataDir?: string;
  readonly user?: string;
}

/** `postern vm`: machines as the operator meets them. Making and deleting them is Resource Manager's. */
export function addVm(program: Command, context: CommandContext): void {
  const vm = program.command('vm').description('list machines and go into them');
  addList(vm, context);
  addVmShell(vm, context);
  addExec(vm, context);
  addVmEnv(vm, context);
}

function addList(vm: Command, { terminal, end }: CommandContext): void {
  vm.command('list')
    .description('list the machines')
    .addOption(dataDirOption())
    .option('--json', 'print JSON')
    .addHelpText('after', examples('postern vm list'))
    .action(async ({ dataDir, json }: { dataDir?: string; json?: boolean }) => {
      const asked = await askOperator<{ machines: readonly OperatorMachine[] }>(dataDir, 'machines');
      if ('failed' in asked) return end(tellFailure(terminal, asked));
      const { machines } = asked.answer;
      terminal.out(json ? JSON.stringify(machines, null, 2) : formatMachines(machines, terminal));
      end(exitStatus.ok);
    });
}

function formatMachines(machines: readonly OperatorMachine[], terminal: Terminal): string {
  const heading = ['NAME', 'GROUP', 'POWER', 'IDENTITY', 'PRINCIPAL'].map((title) => terminal.paint('bold', title));
  const rows = machines.map(({ name, resourceGroup, powerState, identity, principalId }) => [
    name,
    resourceGroup,
    powerState,
    identity,
    principalId ?? '',
  ]);
  return formatTable(heading, rows);
}

function addVmShell(vm: Command, { terminal, end }: CommandContext): void {
  vm.command('shell')
    .description('a shell on a machine')
    .argument('<name>', 'the machine, by name or resource id')
    .option('--user <user>', "one of the machine's users; default its administrator")
    .addOption(dataDirOption())
    .addHelpText('after', examples('postern vm shell web-1', 'postern vm shell web-1 --user root'))
    .action(async (machine: string, { dataDir, user }: EnterOptions) => {
      end(await enterMachine({ machine, argv: loginShell, ...given(dataDir, user) }, terminal));
    });
}

function addExec(vm: Command, { terminal, end }: CommandContext): void {
  vm.command('exec')
    .description('run one command on a machine; ends with its exit status')
    .argument('<name>', 'the machine, by name or resource id')
    .argument('[command...]', 'the command, after --, taken as it is')
    .option('--user <user>', "one of the machine's users; default its administrator")
    .addOption(dataDirOption())
    .addHelpText(
      'after',
      examples('postern vm exec web-1 -- az login --identity', "postern vm exec web-1 -- sh -c 'id; hostname'"),
    )
    .action(async (machine: string, argv: readonly string[], { dataDir, user }: EnterOptions) => {
      const words = argv.length === 0 ? loginShell : argv;
      end(await enterMachine({ machine, argv: words, ...given(dataDir, user) }, terminal));
    });
}

function addVmEnv(vm: Command, { terminal, end }: CommandContext): void {
  vm.command('env')
    .description("print what a program of this host needs to use a machine's identity, and open the door that it names")
    .argument('<name>', 'the machine, by name or resource id')
    .addOption(
      new Option('--door <kind>', 'as App Service has it (a secret), Azure Arc (a file), or 169.254.169.254 (neither)')
        .choices(['app-service', 'arc', 'imds'])
        .default('app-service'),
    )
    .addOption(dataDirOption())
    .option('--json', 'print JSON')
    .addHelpText('after', examples('eval "$(postern vm env web-1)"', 'postern vm env web-1 --door arc --json'))
    .action(async (machine: string, { dataDir, door, json }: { dataDir?: string; door: string; json?: boolean }) => {
      const asked = await tellOperator<OperatorDoor>(dataDir, 'machineDoor', { machine, door });
      if ('failed' in asked) return end(tellFailure(terminal, asked));
      const { variables } = asked.answer;
      terminal.out(json ? JSON.stringify(variables, null, 2) : formatVariables(variables));
      end(exitStatus.ok);
    });
}

function given(dataDir: string | undefined, user: string | undefined): EnterOptions {
  return { ...(dataDir === undefined ? {} : { dataDir }), ...(user === undefined ? {} : { user }) };
}
