import type { FieldTest } from './expression.ts';

/** Whether a field's value, folded by the caller or not, passes a test: texts are compared without regard to case. */
export function matcherOf({ test, value }: FieldTest): (held: string) => boolean {
  const wanted = value.toLowerCase();
  const compare = {
    eq: (held: string) => held === wanted,
    ne: (held: string) => held !== wanted,
    contains: (held: string) => held.includes(wanted),
    startswith: (held: string) => held.startsWith(wanted),
    endswith: (held: string) => held.endsWith(wanted),
  }[test];
  return (held) => compare(held.toLowerCase());
}
