/** Who plays: the machines, by resource id, and where they live. */
export interface Cast {
  readonly subscription: string;
  readonly group: string;
  /** The built-in machine whose identity owns the subscription: the operator's seat. */
  readonly console: string;
  readonly web1: string;
  readonly web2: string;
  /** A machine with two users, alice and bob. */
  readonly web3: string;
  readonly groupId: string;
  readonly startedAt: string;
}

/** The cast of one performance. The group's name is new each time, so that the story can be played again. */
export function castOf(subscription: string, performance: string, startedAt: string): Cast {
  const group = `story-${performance}`;
  const groupId = `/subscriptions/${subscription}/resourceGroups/${group}`;
  const machine = (name: string) => `${groupId}/providers/Microsoft.Compute/virtualMachines/${name}`;
  return {
    subscription,
    group,
    groupId,
    console: `/subscriptions/${subscription}/resourceGroups/postern/providers/Microsoft.Compute/virtualMachines/console`,
    web1: machine('web-1'),
    web2: machine('web-2'),
    web3: machine('web-3'),
    startedAt,
  };
}
