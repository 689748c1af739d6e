import type { AskedAction } from '../asked-action.ts';

/** Whether something holds; undefined when that cannot be said. */
export type Truth = boolean | undefined;

/** A condition ready to be asked. Only `true` allows. */
export type Condition = (asked: AskedAction) => Truth;
