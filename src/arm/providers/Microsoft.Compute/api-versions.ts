/** The namespace's name in Azure's spelling. */
export const namespace = 'Microsoft.Compute';

/** The versions of what machines are made of, newest first. */
export const apiVersions: readonly string[] = [
  '2026-04-01',
  '2025-11-01',
  '2025-04-01',
  '2024-11-01',
  '2024-07-01',
  '2024-03-01',
  '2023-09-01',
  '2022-11-01',
  '2022-08-01',
  '2021-07-01',
  '2020-06-01',
  '2019-07-01',
  '2018-06-01',
];
