/** The services that answer on one origin. */
export type ServiceName = 'arm' | 'sts' | 'graph';

/** A table of host names and the service that each means. */
export type PublicNames = Readonly<Record<string, ServiceName>>;

/** The public cloud's host names, by which clients inside a machine reach these services. */
export const publicNames: PublicNames = {
  'management.azure.com': 'arm',
  'management.core.windows.net': 'arm',
  'login.microsoftonline.com': 'sts',
  'login.windows.net': 'sts',
  'login.microsoft.com': 'sts',
  'sts.windows.net': 'sts',
  'mtlsauth.microsoft.com': 'sts',
  'graph.microsoft.com': 'graph',
  'graph.windows.net': 'graph',
};
