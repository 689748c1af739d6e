import { type Refusal, refuse } from '../core/refusal.ts';

/**
 * The api-versions of the metadata service, newest first.
 * @see https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service "Supported API versions"
 */
export const apiVersions = [
  '2025-04-07',
  '2024-07-17',
  '2024-03-15',
  '2023-11-15',
  '2023-07-01',
  '2021-12-13',
  '2021-11-15',
  '2021-11-01',
  '2021-10-01',
  '2021-08-01',
  '2021-05-01',
  '2021-03-01',
  '2021-02-01',
  '2021-01-01',
  '2020-12-01',
  '2020-10-01',
  '2020-09-01',
  '2020-07-15',
  '2020-06-01',
  '2019-11-01',
  '2019-08-15',
  '2019-08-01',
  '2019-06-04',
  '2019-06-01',
  '2019-04-30',
  '2019-03-11',
  '2019-02-01',
  '2018-10-01',
  '2018-04-02',
  '2018-02-01',
  '2017-12-01',
  '2017-10-01',
  '2017-08-01',
  '2017-04-02',
  '2017-03-01',
] as const;

/** One of the versions above. Dates of one width: they compare as text. */
export type ApiVersion = (typeof apiVersions)[number];

/** What a refused version is answered with beside the message; MSAL reads the first one for its region discovery. */
export const newestVersions: readonly ApiVersion[] = apiVersions.slice(0, 3);

/** The first version that has the identity endpoints. */
export const firstIdentityVersion: ApiVersion = '2018-02-01';

const known: ReadonlySet<string> = new Set(apiVersions);

const invalidVersion = refuse(
  'imdsApiVersion',
  'api-version is invalid or was not specified in the request. For more information refer to aka.ms/azureimds',
);

/** The api-version that was asked for, if it is a known one from `oldest` on. Refuses `imdsApiVersion`. */
export function parseApiVersion(written: string | undefined, oldest: ApiVersion): ApiVersion | Refusal {
  return written !== undefined && isKnown(written) && written >= oldest ? written : invalidVersion;
}

function isKnown(version: string): version is ApiVersion {
  return known.has(version);
}
