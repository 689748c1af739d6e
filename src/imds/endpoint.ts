import type { MachineView } from '../core/ports/machines.ts';
import type { Refusal } from '../core/refusal.ts';
import type { Answer } from './answer.ts';

/** A request as an endpoint sees it: the rules of the door hold, the method is one of its own. */
export interface EndpointCall {
  readonly view: MachineView;
  readonly method: string;
  /** The path below the endpoint's own, in lower case. */
  readonly below: readonly string[];
  readonly query: ReadonlyMap<string, string>;
  /** Reads the body as text. Refuses `imdsBodyInvalid` for one that is too long or not UTF-8. */
  readonly readBody: () => Promise<string | Refusal>;
}

/** What answers an endpoint's requests. */
export type Endpoint = (call: EndpointCall) => Answer | Refusal | Promise<Answer | Refusal>;
