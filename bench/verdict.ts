/** How one benchmark came out. */
export interface Verdict {
  readonly line: string;
  readonly outcome: 'met' | 'missed' | 'failed';
}

/** Judges a benchmark by the last line that it printed, `name ratio=… goal=…`; without such a line it has failed. */
export function readVerdict(name: string, better: 'higher' | 'lower', printed: string | undefined): Verdict {
  const line = printed?.trimEnd().split('\n').at(-1) ?? '';
  const found = /^(\S+) ratio=(\d+(?:\.\d+)?)\S*.*? goal=\D*(\d+(?:\.\d+)?)/.exec(line);
  if (found === null || found[1] !== name) return { line: `${name} did not run to its end`, outcome: 'failed' };
  const [ratio, goal] = [Number(found[2]), Number(found[3])];
  return { line, outcome: (better === 'higher' ? ratio >= goal : ratio <= goal) ? 'met' : 'missed' };
}
