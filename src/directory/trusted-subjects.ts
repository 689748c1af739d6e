import type { Json } from '../core/json.ts';
import type { TrustedCertificateSubject } from '../core/ports/directory.ts';
import type { Application } from './application.ts';
import { objects } from './stored-fields.ts';

/**
 * The subject names that an application trusts in certificates of an authority, as its `trustedCertificateSubjects` say. They are
 * kept as they were written, so what is not well-formed trusts nothing.
 */
export function trustedSubjectsOf(application: Application | undefined): readonly TrustedCertificateSubject[] {
  return objects(application?.properties['trustedCertificateSubjects'])
    .map((subject) => ({
      authorityId: textOf(subject['authorityId']),
      subjectName: textOf(subject['subjectName']),
      authorities: textsOf(subject['authorities']),
      revokedCertificateIdentifiers: textsOf(subject['revokedCertificateIdentifiers']),
    }))
    .filter(({ subjectName }) => subjectName !== '');
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value.trim() : '';
}

function textsOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
