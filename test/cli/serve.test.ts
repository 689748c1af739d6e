import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatReady } from '../../src/cli/serve.ts';
import { dataPaths } from '../../src/host/configuration.ts';

const host = { origin: 'https://localhost:8443', paths: dataPaths('/srv/postern') };
const plain = { paint: (_: string, text: string) => text };

describe('what postern up says when it is ready', () => {
  it('names the origin, the data, and what to type next', () => {
    const said = formatReady(host, false, plain);
    assert.match(said, /ready on https:\/\/localhost:8443\. Its data is in \/srv\/postern\./);
    assert.match(said, /postern shell/);
  });

  it('does not offer a shell on machines that have no inside', () => {
    const said = formatReady(host, true, plain);
    assert.doesNotMatch(said, /postern shell/);
    assert.match(said, /eval "\$\(postern vm env console\)"/);
  });
});
