#!/usr/bin/env node
// Postern from a clone. This one file is JavaScript, so that compiled code comes from the cache from the first TypeScript file
// on: a start then loads no type stripper, which saves 14 MB and 40 ms. What it does first, `src/cli/main.ts` says.
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';

for (const optimizer of ['opt', 'maglev']) setFlagsFromString(`--no-${optimizer}`);
enableCompileCache(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'postern', 'compiled'));
await import('../src/cli/main.ts');
