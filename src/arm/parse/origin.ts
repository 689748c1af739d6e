/** Resource Manager's public names, by which it is reached inside a machine. */
export const publicNames: readonly string[] = ['management.azure.com', 'management.core.windows.net'];

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

/**
 * The origin by which the caller reached us, for absolute links: a public name, or this host under a loopback name with
 * the caller's port. Any other Host header is not repeated: the links then name the configured origin.
 */
export function originOf(host: string | null, ownOrigin: string): string {
  const asked = (host ?? '').toLowerCase();
  const name = asked.replace(/:\d{1,5}$/, '');
  if (publicNames.includes(name)) return `https://${asked.replace(/:443$/, '')}`;
  return loopbackNames.includes(name) ? `${schemeOf(ownOrigin)}//${asked}` : ownOrigin;
}

/** Whether an origin is one of the public cloud's names. */
export function isPublicOrigin(origin: string): boolean {
  return publicNames.some((name) => origin === `https://${name}`);
}

function schemeOf(origin: string): string {
  return origin.slice(0, origin.indexOf(':') + 1);
}
