/** What comes from a machine or a caller must not steer the terminal on which it is read. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '\u{fffd}');
}
