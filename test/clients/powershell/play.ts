/**
 * One PowerShell process as its published source would run it: reads a list of cmdlets with their parameters from standard
 * input, plays each by the requests that the source sends, and prints what each writes, or the message with which it fails.
 */
import { json } from 'node:stream/consumers';
import { checkReads } from './check-reads.ts';
import { connectAccount } from './connect-account.ts';
import { addEnvironment } from './environments.ts';
import { managementError } from './reads.ts';
import { newRoleAssignment } from './role-assignment.ts';
import { Unaccepted } from './send.ts';
import type { Cmdlet, Parameters, Session } from './session.ts';
import { getVm, restartVm } from './virtual-machines.ts';

/** A cmdlet as typed: its name and its parameters. */
export type Line = readonly [name: string, parameters?: Parameters];

/** What a line came to. */
export interface Played {
  readonly output?: unknown;
  readonly failed?: string;
  /** The code of the resource manager's refusal. */
  readonly code?: string;
}

const cmdlets: Readonly<Record<string, Cmdlet>> = {
  'Add-AzEnvironment': addEnvironment,
  'Connect-AzAccount': connectAccount,
  'Add-AzAccount': connectAccount,
  'Get-AzVM': getVm,
  'Restart-AzVM': restartVm,
  'New-AzRoleAssignment': newRoleAssignment,
};

let session: Session = { environments: {} };
const results: Played[] = [];
for (const [name, parameters = {}] of (await json(process.stdin)) as readonly Line[]) {
  try {
    const outcome = await cmdlets[name]?.(session, parameters);
    if (outcome === undefined) throw new Error(`The term '${name}' is not recognized as a name of a cmdlet.`);
    session = outcome.session;
    results.push({ output: outcome.output });
  } catch (error) {
    results.push(failureOf(error));
  }
}
console.log(JSON.stringify(results));

function failureOf(error: unknown): Played {
  if (!(error instanceof Unaccepted)) return { failed: (error as Error).message };
  const read = checkReads<{ error: { code: string; message: string } }>(error.answer.body, managementError);
  return { failed: read.error.message, code: read.error.code };
}
