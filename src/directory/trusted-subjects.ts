import type { TrustedCertificateSubject } from '../core/ports/directory.ts';
import type { Application } from './application.ts';
import { objects, text, texts } from './stored-fields.ts';

/** The subject names that an application trusts in certificates of an authority, as its `trustedCertificateSubjects` say. */
export function trustedSubjectsOf(application: Application | undefined): readonly TrustedCertificateSubject[] {
  return objects(application?.properties['trustedCertificateSubjects']).map((subject) => ({
    authorityId: text(subject['authorityId']),
    subjectName: text(subject['subjectName']),
    authorities: texts(subject['authorities']),
    revokedCertificateIdentifiers: texts(subject['revokedCertificateIdentifiers']),
  }));
}
