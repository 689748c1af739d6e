import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Json } from '../../src/core/json.ts';
import type { Application } from '../../src/directory/application.ts';
import { trustedSubjectsOf } from '../../src/directory/trusted-subjects.ts';

const application = (trustedCertificateSubjects: Json) =>
  ({ properties: { trustedCertificateSubjects } }) as unknown as Application;

describe('trustedCertificateSubjects', () => {
  const whole = { authorityId: '1', subjectName: 'web', authorities: ['MII'], revokedCertificateIdentifiers: ['00'] };

  it('are read as they were written', () => {
    assert.deepEqual(trustedSubjectsOf(application([whole])), [whole]);
    assert.deepEqual(trustedSubjectsOf(undefined), []);
  });

  it('trust nothing where they are not well-formed', () => {
    assert.deepEqual(trustedSubjectsOf(application('web')), []);
    assert.deepEqual(
      trustedSubjectsOf(application([null, 'web', {}, { ...whole, subjectName: ' ' }, { subjectName: 7 }])),
      [],
    );
    const [bare] = trustedSubjectsOf(application([{ subjectName: 'web', authorities: [1, 'MII'] }]));
    assert.deepEqual(bare, {
      authorityId: '',
      subjectName: 'web',
      authorities: ['MII'],
      revokedCertificateIdentifiers: [],
    });
  });
});
