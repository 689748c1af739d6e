import type { PowerWork } from './power.ts';

/** The actions on a machine's power, by their last word. */
export const powerActions: Readonly<Record<string, PowerWork>> = {
  start: 'startMachine',
  powerOff: 'powerOffMachine',
  deallocate: 'deallocateMachine',
  restart: 'restartMachine',
  redeploy: 'redeployMachine',
  reapply: 'reapplyMachine',
  reimage: 'reimageMachine',
};
