// What makes and changes machines: loaded with the first request that does.

export { evictMachine, generalizeMachine, refuseMaintenance } from './machine-actions.ts';
export { patchMachine, putMachine } from './write-machine.ts';
