/** Where a machine finds the authorities it trusts. `/etc/postern/ca.pem` is the bundle by a name of our own. */
export const certificateFiles = {
  /** The host's authorities and Postern's. */
  bundle: '/etc/ssl/certs/ca-certificates.crt',
  /** Postern's alone, for programs that add to a list of their own. */
  authority: '/etc/postern/authority.pem',
} as const;

/**
 * What the environment of each program inside says about trust: OpenSSL and Go; Python requests, thus `az`; curl; Node,
 * which adds the file to its own list and reads it at each start, hence the short one.
 */
export const machineVariables = {
  SSL_CERT_FILE: certificateFiles.bundle,
  REQUESTS_CA_BUNDLE: '/etc/postern/ca.pem',
  CURL_CA_BUNDLE: certificateFiles.bundle,
  NODE_EXTRA_CA_CERTS: certificateFiles.authority,
} as const;
