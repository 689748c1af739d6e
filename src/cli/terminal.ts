import { stripVTControlCharacters, styleText } from 'node:util';

/** Where a command writes, so that tests can read it. */
export interface Terminal {
  /** Results: what a script would read. */
  out(text: string): void;
  /** Everything said to a person about how it went. */
  err(text: string): void;
  /** Colours text for `out`; unchanged where standard output is no terminal or NO_COLOR is set. @see https://no-color.org */
  paint(style: 'bold' | 'dim' | 'green' | 'red' | 'yellow', text: string): string;
}

/** This process's terminal. */
export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  paint: (style, text) =>
    colourful(process.stdout, process.env) ? styleText(style, text, { validateStream: false }) : text,
};

/** Whether colour may be used on a stream: only on a terminal, and not when NO_COLOR is set or TERM is dumb. */
export function colourful(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

/** Formats rows under a heading as columns two spaces apart; an empty cell shows `-`. Widths ignore colour. */
export function formatTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heading, ...rows.map((row) => row.map((cell) => cell || '-'))];
  const widths = heading.map((_, column) => Math.max(...lines.map((line) => widthOf(line[column] ?? ''))));
  return lines.map((line) => formatRow(line, widths)).join('\n');
}

function formatRow(line: readonly string[], widths: readonly number[]): string {
  const cells = line.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)));
  return cells.join('  ').trimEnd();
}

function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** Formats facts as aligned `name  value` lines. */
export function formatFacts(facts: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...facts.map(([name]) => name.length));
  return facts.map(([name, value]) => `${name.padEnd(width)}  ${value || '-'}`).join('\n');
}
