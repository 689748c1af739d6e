#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

// Compiled code is kept between runs: it halves the start and keeps the type stripper out of memory.
enableCompileCache(join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'postern', 'compiled'));

const { runProgram } = await import('./program.ts');
await runProgram(process.argv.slice(2));
