// Takes a data directory, prints what came of it and stays. Run by `data-directory-lock.test.ts`, which kills it.

import { lockDataDirectory } from '../../../src/store/sqlite/data-directory-lock.ts';

const lock = lockDataDirectory(process.argv[2] as string);
console.log('heldByPid' in lock ? `held by ${lock.heldByPid}` : 'taken');
process.stdin.resume();
