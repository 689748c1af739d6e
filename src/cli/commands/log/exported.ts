import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { isJsonObject, type Json } from '../../../core/json.ts';

/** A record that was exported: its place in the chain. */
export interface Exported {
  readonly number: number;
  readonly hash: string;
}

/** The furthest record in a file of JSON lines; undefined when there is none. A line that was cut off is passed over. */
export async function readLastExported(file: string): Promise<Exported | undefined> {
  let last: Exported | undefined;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    const record = parseLine(line);
    if (record !== undefined && record.number >= (last?.number ?? 0)) last = record;
  }
  return last;
}

function parseLine(line: string): Exported | undefined {
  try {
    const json = JSON.parse(line) as Json;
    if (!isJsonObject(json) || !Number.isSafeInteger(json['number']) || typeof json['hash'] !== 'string')
      return undefined;
    return { number: Number(json['number']), hash: json['hash'] };
  } catch {
    return undefined;
  }
}
