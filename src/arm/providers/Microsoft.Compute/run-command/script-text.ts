import type { Refusal } from '../../../../core/refusal.ts';
import { malformed } from './script-values.ts';

/** The agent takes no longer one, in characters. @see Azure/run-command-extension-linux, `maxScriptSize` */
const longest = 256 * 1024;

/**
 * A script as the machine's agent writes it to its file: without a byte order mark, lines ending as on Linux. Refuses
 * `InvalidParameter`.
 */
export function normalizeScript(text: string, target: string): string | Refusal {
  if (text.includes('\0')) return malformed(target, 'it has a zero character, which no script can have');
  if (text.length > longest) return malformed(target, `it has ${text.length} characters; at most ${longest} are run`);
  return text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
}
