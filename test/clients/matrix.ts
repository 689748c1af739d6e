import { versionOf } from './versions.ts';

/** What one client test came to. `titles` are those of the `describe`s around it and its own. */
export interface Outcome {
  readonly titles: readonly string[];
  readonly passed: boolean;
  readonly skipped: boolean;
}

const begin = '<!-- The table below is written by npm run clients. -->';
const end = '<!-- The table above is written by npm run clients. -->';

/**
 * The page with the matrix of what was run. A title names the client, or several by commas, before its first colon, or
 * alone (`az 2.91.0: tags`); of several such titles the innermost counts. The rest of the titles are the command.
 */
export function writeMatrix(page: string, outcomes: readonly Outcome[]): string {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`the page lacks its marks ${begin} and ${end}`);
  const rows = outcomes.map(formatRow).toSorted();
  const table = ['| client | version | command | result |', '|---|---|---|---|', ...rows].join('\n');
  return `${before}${begin}\n\n${table}\n\n${end}${after}`;
}

interface Client {
  readonly name: string;
  readonly version: string;
}

function formatRow({ titles, passed, skipped }: Outcome): string {
  const parsed = titles.map(parseTitle);
  const named = parsed.findLast(({ clients }) => clients.length > 0)?.clients;
  if (named === undefined) throw new Error(`no client is named in '${titles.join(' > ')}'`);
  const command = parsed.map(({ subject }) => subject).filter((subject) => subject !== '');
  const result = skipped ? 'not run here' : passed ? 'works' : 'FAILS';
  const cells = [list(named.map(({ name }) => name)), list(named.map(({ version }) => version)), command.join(': ')];
  return `| ${[...cells, result].map(escapeCell).join(' | ')} |`;
}

function parseTitle(title: string): { readonly clients: readonly Client[]; readonly subject: string } {
  const [before = '', subject] = title.split(/: (.*)/s);
  const clients = before.split(', ').map(parseClient);
  const all = clients.filter((client) => client !== undefined);
  return all.length < clients.length ? { clients: [], subject: title } : { clients: all, subject: subject ?? '' };
}

/** A client's name and its true version; a title that names another version is wrong. */
function parseClient(text: string): Client | undefined {
  const [, name = text, said] = /^(.*?)(?: (\d[\w.]*))?$/.exec(text) ?? [];
  const version = versionOf(name);
  if (version === undefined) return undefined;
  if (said !== undefined && said !== version) throw new Error(`a title says ${text}, but ${name} is ${version}`);
  return { name, version };
}

function list(words: readonly string[]): string {
  return words.join(', ');
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
