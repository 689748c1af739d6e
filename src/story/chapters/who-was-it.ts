import type { Cast } from '../cast.ts';
import type { Stage } from '../stage.ts';

interface Trace {
  readonly signIns: readonly { readonly user?: { readonly userName: string }; readonly machineResourceId: string }[];
  readonly events: readonly { readonly operationName: { readonly value: string } }[];
}

interface SignIn {
  readonly outcome: string;
  readonly uti?: string;
}

/** 9. The log says which user did it. */
export async function whoWasIt(stage: Stage, cast: Cast): Promise<void> {
  stage.chapter('9. Who was it?');
  const [issued] = (await signIns(stage, cast, 'alice')).filter(({ outcome }) => outcome === 'issued');
  stage.hold(issued?.uti !== undefined, `alice was handed the token ${issued?.uti}.`);
  const denied = await signIns(stage, cast, 'bob');
  stage.hold(
    denied.some(({ outcome }) => outcome === 'denied'),
    "bob's denial is in the log beside it.",
  );
  const traced = await stage.postern(['log', 'trace', issued?.uti ?? '', '--json'], { quiet: true });
  const { signIns: handed, events } = JSON.parse(traced.stdout) as Trace;
  stage.hold(
    handed.length > 0 &&
      handed.every(({ user, machineResourceId }) => user?.userName === 'alice' && machineResourceId === cast.web3),
    'log trace names alice, on web-3,',
  );
  stage.hold(
    events.some(({ operationName }) => isIdentityWrite(operationName.value)),
    'and what alice did with it: an identity was written.',
  );
  const verified = await stage.postern(['log', 'verify']);
  stage.hold(verified.status === 0, 'Nobody has changed the log: its chain of records is whole.');
}

async function signIns(stage: Stage, cast: Cast, user: string): Promise<readonly SignIn[]> {
  const asked = await stage.postern(['log', 'signins', '--vm', cast.web3, '--user', user, '--json'], { quiet: true });
  return (JSON.parse(asked.stdout) as { readonly signIns: readonly SignIn[] }).signIns;
}

function isIdentityWrite(operation: string): boolean {
  return operation.toLowerCase() === 'microsoft.managedidentity/userassignedidentities/write';
}
