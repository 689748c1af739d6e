import type { MachineGroup } from '../../../core/ports/machine-host.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';

const groupName = /^[a-z_][a-z0-9_-]{0,30}$/;

/** Groups that every machine has. */
const systemGroups = ['root', 'tty', 'nogroup', 'nobody'];

/**
 * Reads `group=member,member`, several of them separated by blanks or semicolons. Refuses `InvalidParameter`: another form, a group
 * that is the machine's or a user's own or is named twice, and members whom the machine does not have.
 */
export function parseGroups(text: string, users: readonly string[], target: string): readonly MachineGroup[] | Refusal {
  const groups: MachineGroup[] = [];
  for (const entry of text.split(/[\s;]+/).filter((part) => part !== '')) {
    const group = parseGroup(entry, users, target);
    if (isRefusal(group)) return group;
    if (groups.some(({ name }) => name === group.name)) return wrong(entry, target, `'${group.name}' is named twice`);
    groups.push(group);
  }
  return groups;
}

function parseGroup(entry: string, users: readonly string[], target: string): MachineGroup | Refusal {
  const [name = '', list, ...more] = entry.split('=');
  if (list === undefined || more.length > 0) return wrong(entry, target, "it must read like 'deploy=bob,carol'");
  if (!groupName.test(name)) {
    return wrong(entry, target, "a group has 1 to 31 of a-z, 0-9, '-' and '_', and begins with a letter or '_'");
  }
  if (systemGroups.includes(name)) return wrong(entry, target, `'${name}' is every machine's own`);
  if (users.includes(name)) return wrong(entry, target, `'${name}' is a user, whose own group has its name`);
  const members = [...new Set(list.split(','))];
  const stranger = members.find((member) => member !== 'root' && !users.includes(member));
  if (stranger === undefined) return { name, members };
  return wrong(entry, target, `the machine has no user '${stranger}'. It has: root, ${users.join(', ')}`);
}

function wrong(entry: string, target: string, why: string): Refusal {
  return refuse('InvalidParameter', `The group '${entry}' is not valid: ${why}.`, { target });
}
