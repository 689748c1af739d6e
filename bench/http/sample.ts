import type { ServerReady } from './serve.ts';

/** One answer of a server: what its peer is to send. */
export interface Sample {
  readonly path: string;
  /** Names and values in turn, as `writeHead` takes them. */
  readonly head: readonly string[];
  readonly body: string;
}

/** Headers that the peer's own server writes, or that say how the body is sent rather than what it is. */
const own = ['connection', 'date', 'keep-alive', 'transfer-encoding', 'content-length'];

/** Asks a server for each of its paths once. */
export async function takeSamples({ port, paths, headers }: ServerReady): Promise<readonly Sample[]> {
  const init = { headers: headers.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]) };
  const samples: Sample[] = [];
  for (const path of paths) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
    const body = await response.text();
    if (response.status !== 200) throw new Error(`${path} was answered ${response.status}: ${body.slice(0, 200)}`);
    const head = [...response.headers].filter(([name]) => !own.includes(name)).flat();
    samples.push({ path, head: [...head, 'content-length', String(Buffer.byteLength(body))], body });
  }
  return samples;
}
