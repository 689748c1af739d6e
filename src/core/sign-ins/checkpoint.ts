import { isJsonObject, type Json } from '../json.ts';
import type { EpochMillis } from '../time.ts';
import { formatCanonical } from './canonical.ts';

/** Why a checkpoint was made: as time went on, at a stop, or where what came before was forgotten as too old. */
const kinds = ['periodic', 'stop', 'retention'] as const;

/** A signed statement of how far the chain had come. */
export interface Checkpoint {
  /** From 1 on without gaps. */
  readonly checkpoint: number;
  readonly kind: (typeof kinds)[number];
  readonly time: EpochMillis;
  /** The last record's number and its hash. */
  readonly number: number;
  readonly hash: string;
  /** Which authority signed it: the base64url SHA-256 of its certificate. */
  readonly authority: string;
  /** Over `formatStatement`, base64url. */
  readonly signature: string;
}

/** The text that is signed: it begins like nothing else that the authority signs. */
export function formatStatement(checkpoint: Omit<Checkpoint, 'signature'>): string {
  const { authority, checkpoint: place, hash, kind, number, time } = checkpoint;
  const statement = { authority, checkpoint: place, hash, kind, number, time };
  return `postern sign-in log checkpoint\n${formatCanonical(statement)}`;
}

/** The id under which a checkpoint is stored. */
export function checkpointIdOf(checkpoint: number): string {
  return String(checkpoint).padStart(15, '0');
}

/** Reads a stored or exported checkpoint; undefined for what is none. */
export function parseCheckpoint(value: Json | undefined): Checkpoint | undefined {
  if (!isJsonObject(value)) return undefined;
  const { checkpoint, kind, time, number, hash, authority, signature } = value;
  const numeric = [checkpoint, time, number].every(Number.isSafeInteger);
  const texts = [hash, authority, signature].every((text) => typeof text === 'string');
  if (!numeric || !texts || !kinds.some((one) => one === kind)) return undefined;
  return { checkpoint, kind, time, number, hash, authority, signature } as unknown as Checkpoint;
}
