import { isRefusal } from '../../../src/core/refusal.ts';
import { openDoorlessHost, runEntry, specOf } from './stand.ts';

// A host that is there to be killed: it starts a machine with a sleeping program inside, says so, and waits.

const host = await openDoorlessHost(process.argv[2] as string);
const spec = specOf('web-1');
const started = await host.start(spec);
const entry = host.entry(spec.resourceId, 'root');
if (isRefusal(started) || entry === undefined || isRefusal(entry)) throw new Error(JSON.stringify([started, entry]));
await runEntry(entry, ['sh', '-c', 'setsid sleep 1000 >/dev/null 2>&1 &']);
console.log(started.initPid);
setInterval(() => undefined, 1e6);
