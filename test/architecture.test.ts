import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, it } from 'node:test';

const src = resolve(import.meta.dirname, '../src');

/** What each room may import from beside itself and `core`. Packages and `node:` are open to all rooms but `core`. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  imds: [],
  sts: [],
  directory: [],
  arm: [],
  'activity-log': [],
  machines: [],
  store: [],
  http: [],
  doors: [],
  access: [],
  'sign-ins': [],
  'log-export': [],
  host: [
    'imds',
    'sts',
    'directory',
    'arm',
    'activity-log',
    'machines',
    'store',
    'http',
    'doors',
    'access',
    'sign-ins',
    'log-export',
  ],
  story: ['host'],
  cli: ['host', 'story'],
};

const sourceFiles = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => join(src, path));

/** The module names in a file's static imports, re-exports, dynamic imports and `import('…')` types. */
function importsOf(text: string): readonly string[] {
  const statements = text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/g);
  const bare = text.matchAll(/(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g);
  const calls = text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*[,)]/g);
  return [...statements, ...bare, ...calls].map((match) => match[1] as string);
}

function roomOf(file: string): string {
  return relative(src, file).split('/')[0] as string;
}

const edges = sourceFiles.map((file) => {
  const modules = importsOf(readFileSync(file, 'utf8'));
  const local = modules.filter((name) => name.startsWith('.')).map((name) => resolve(dirname(file), name));
  return { file, local, external: modules.filter((name) => !name.startsWith('.')) };
});

describe('the direction of imports', () => {
  it('sees the imports that it judges', () => {
    const text = `import a from './a.ts';\nimport {\n  b,\n} from "b";\nimport 'c';\nexport { d } from './d.ts';\nawait import('e');`;
    assert.deepEqual(importsOf(text).toSorted(), ['./a.ts', './d.ts', 'b', 'c', 'e']);
    assert.ok(sourceFiles.length > 30, 'the source files were found');
  });

  it('knows every room', () => {
    const rooms = new Set(sourceFiles.map(roomOf));
    assert.deepEqual(
      [...rooms].filter((room) => !(room in mayImport)),
      [],
    );
  });

  it('keeps core pure: no node:, no package, nothing outside core', () => {
    const impure = edges
      .filter(({ file }) => roomOf(file) === 'core')
      .filter(({ local, external }) => external.length > 0 || local.some((path) => roomOf(path) !== 'core'));
    assert.deepEqual(
      impure.map(({ file }) => relative(src, file)),
      [],
    );
  });

  it('keeps clocks, randomness and logging out of core', () => {
    const forbidden = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bconsole\.|\bfetch\(|\bprocess\.|\bcrypto\./;
    const impure = sourceFiles.filter((file) => roomOf(file) === 'core' && forbidden.test(codeOf(file)));
    assert.deepEqual(
      impure.map((file) => relative(src, file)),
      [],
    );
  });

  it('lets services meet only at core', () => {
    const wrong = edges.flatMap(({ file, local }) => {
      const room = roomOf(file);
      const open = ['core', room, ...(mayImport[room] ?? [])];
      return local
        .filter((path) => !open.includes(roomOf(path)))
        .map((path) => `${relative(src, file)} -> ${relative(src, path)}`);
    });
    assert.deepEqual(wrong, []);
  });

  it('shows a provider core, the provider contract and its own folder', () => {
    const providers = join(src, 'arm/providers/');
    const wrong = edges
      .filter(({ file }) => file.startsWith(providers))
      .flatMap(({ file, local, external }) => {
        const own = join(providers, relative(providers, file).split('/')[0] as string, '/');
        const seen = (path: string) =>
          path.startsWith(own) || roomOf(path) === 'core' || path === join(src, 'arm/provider-contract.ts');
        return [...local.filter((path) => !seen(path)), ...external].map((path) => `${relative(src, file)} -> ${path}`);
      });
    assert.deepEqual(wrong, []);
  });

  it('has no cycles', () => {
    const graph = new Map(edges.map(({ file, local }) => [file, local]));
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) {
        assert.fail(
          `cycle: ${[...path.slice(path.indexOf(file)), file].map((step) => relative(src, step)).join(' -> ')}`,
        );
      }
      if (done.has(file)) return;
      for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
      done.add(file);
    };
    for (const file of graph.keys()) visit(file, []);
  });

  it('has no room for leftovers', () => {
    const leftovers = sourceFiles.filter((file) => /\/(utils?|helpers?|common|misc|shared)(\/|\.ts$)/.test(file));
    assert.deepEqual(leftovers, []);
  });
});

/** A file's text without its comments, so that prose is not taken for code. */
function codeOf(file: string): string {
  return readFileSync(file, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '');
}
