import type { Cast } from '../cast.ts';
import type { Stage } from '../stage.ts';

interface LoggedEvent {
  readonly caller: string;
  readonly operationName: { readonly value: string };
  readonly status: { readonly value: string };
  readonly resourceId: string;
  readonly eventTimestamp: string;
}

/** What web-1's identity did, in the order in which it did it: refused first, allowed later. */
const expected = ['Failed', 'Succeeded'];

/** 7. The activity log has all of it, with the identity as caller. */
export async function theLog(stage: Stage, cast: Cast, principalId: string): Promise<void> {
  stage.chapter('7. The activity log');
  const reply = await stage.sdk(cast.console, ['activity-log', 'list', cast.group, cast.startedAt], { quiet: true });
  const events = ((reply.ok ?? { value: [] }) as { value: readonly LoggedEvent[] }).value.toReversed();
  const restarts = events.filter(
    ({ operationName, caller, status }) =>
      isRestart(operationName.value) && caller === principalId && expected.includes(status.value),
  );
  stage.hold(
    restarts.map(({ status }) => status.value).join() === expected.join(),
    `Both restarts of web-2 are there, with web-1's object id ${principalId} as caller: first Failed, then Succeeded.`,
  );
  stage.hold(inOrder(events), `All ${events.length} events are in order.`);
  const operations = new Set(events.map(({ operationName }) => operationName.value.toLowerCase()));
  const wanted = [
    'microsoft.resources/subscriptions/resourcegroups/write',
    'microsoft.compute/virtualmachines/write',
    'microsoft.authorization/roleassignments/write',
    'microsoft.compute/virtualmachines/restart/action',
    'microsoft.managedidentity/userassignedidentities/write',
    'microsoft.compute/virtualmachines/delete',
  ];
  stage.hold(
    wanted.every((operation) => operations.has(operation)),
    'Every kind of change of this story is in it, the reads are not.',
  );
}

function isRestart(operation: string): boolean {
  return operation.toLowerCase() === 'microsoft.compute/virtualmachines/restart/action';
}

function inOrder(events: readonly LoggedEvent[]): boolean {
  return events.every(({ eventTimestamp }, at) => at === 0 || eventTimestamp >= (events[at - 1]?.eventTimestamp ?? ''));
}
