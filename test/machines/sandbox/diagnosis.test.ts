import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { diagnose, type KernelFacts } from '../../../src/machines/sandbox/diagnosis.ts';
import { findPrograms } from '../../../src/machines/sandbox/programs.ts';

const all: KernelFacts = {
  usernsClone: undefined,
  maxUserNamespaces: '96365',
  apparmorRestriction: undefined,
  capabilities: (1n << 40n) - 1n,
};
const only = (mode: 'root' | 'rootless', facts: Partial<KernelFacts>) =>
  diagnose('refused', mode, { ...all, ...facts }).join();

describe('where namespaces are refused, the message says what to do', () => {
  it('about a setting of the kernel', () => {
    assert.match(only('rootless', { usernsClone: '0' }), /sysctl -w kernel\.unprivileged_userns_clone=1/);
    assert.match(
      only('rootless', { apparmorRestriction: '1' }),
      /sysctl -w kernel\.apparmor_restrict_unprivileged_userns=0/,
    );
    assert.match(only('root', { maxUserNamespaces: '0' }), /sysctl -w user\.max_user_namespaces=/);
  });

  it('but not about settings that do not bind root', () => {
    assert.doesNotMatch(only('root', { usernsClone: '0', apparmorRestriction: '1' }), /sysctl/);
  });

  it('about a container that keeps CAP_SYS_ADMIN from root', () => {
    assert.match(only('root', { capabilities: 0xa80425fbn }), /CAP_SYS_ADMIN.*--privileged/);
    assert.doesNotMatch(only('rootless', { capabilities: 0n }), /CAP_SYS_ADMIN/);
  });

  it('and otherwise what the trial said', () => {
    assert.match(only('root', {}), /refused here: refused\./);
  });

  it('about each program that is not installed', () => {
    const empty = mkdtempSync(join(tmpdir(), 'postern-programs-'));
    try {
      const found = findPrograms([empty]);
      assert.ok('missing' in found);
      assert.ok(
        found.missing.includes(
          "The program 'ip' is not installed. Install the package 'iproute2' (apt-get install iproute2).",
        ),
      );
    } finally {
      rmSync(empty, { recursive: true });
    }
  });
});
