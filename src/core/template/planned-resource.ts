import type { Round } from './loops.ts';
import type { ResourceDeclaration } from './template.ts';

/** A resource of a template, its loops unrolled: where it lies is known, what it says is not evaluated yet. */
export interface PlannedResource {
  /** The folded id. */
  readonly key: string;
  readonly id: string;
  readonly type: string;
  /** `network/subnet`. */
  readonly name: string;
  readonly apiVersion: string;
  readonly declaration: ResourceDeclaration;
  readonly rounds: readonly Round[];
  /** Whether it is written: its condition holds, and it is not only referred to. */
  readonly deployed: boolean;
}
