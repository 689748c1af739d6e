import { isJsonObject, type Json } from '../../../../core/json.ts';
import type { MachineScript } from '../../../../core/ports/machine-host.ts';
import { type Refusal, refuse } from '../../../../core/refusal.ts';

/** What a script is given beside its text. */
export type ScriptValues = Pick<MachineScript, 'arguments' | 'variables'>;

interface Parameter {
  readonly name: string;
  readonly value: string;
}

const exportable = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Reads `parameters` and `protectedParameters`, lists of `{name, value}`. Every value is an argument in its place, as the CLI's
 * own examples use `$1`, and a variable where a shell can export its name. Protected ones are variables alone: arguments are
 * in the lists of processes. Refuses `InvalidParameter`.
 * @see azure-cli `run_command_invoke`, which names what has no name `arg1`, `arg2` …
 */
export function parseValues(open: Json | undefined, hidden?: Json | undefined): ScriptValues | Refusal {
  const opened = parseList(open, 'parameters');
  const secret = parseList(hidden, 'protectedParameters');
  if (!Array.isArray(opened)) return opened as Refusal;
  if (!Array.isArray(secret)) return secret as Refusal;
  const nameless = secret.find(({ name }) => !exportable.test(name));
  if (nameless !== undefined) {
    return malformed('protectedParameters', `the name '${nameless.name}' is none that a shell can export`);
  }
  const named = [...opened.filter(({ name }) => exportable.test(name)), ...secret];
  return {
    arguments: opened.map(({ value }) => value),
    variables: Object.fromEntries(named.map(({ name, value }) => [name, value])),
  };
}

function parseList(list: Json | undefined, target: string): readonly Parameter[] | Refusal {
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) return malformed(target, 'it must be a list of {"name": …, "value": …}');
  const at = list.findIndex((item) => !isParameter(item));
  if (at < 0) return list as unknown as readonly Parameter[];
  return malformed(`${target}[${at}]`, 'it must have a name and a value, both strings without a zero character');
}

function isParameter(item: Json): boolean {
  return isJsonObject(item) && isText(item['name']) && item['name'] !== '' && isText(item['value']);
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string' && !value.includes('\0');
}

/** 400 for a part of a request that is not as it must be. No value is repeated: it may be a secret. */
export function malformed(target: string, why: string): Refusal {
  return refuse('InvalidParameter', `The value of parameter '${target}' is invalid: ${why}.`, { target });
}
