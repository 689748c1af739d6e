/**
 * Loads the certificate library on first need: it takes 0.2 s, and only a data directory's first start or a renewal makes
 * certificates. Its container asks for the decorator-metadata proposal's functions and, for the classes we use, needs no
 * answer from them, so answers that say "none" stand in where the runtime has none.
 * @see https://github.com/PeculiarVentures/x509#%EF%B8%8F-reflect-polyfill-required
 */
export async function loadX509(): Promise<typeof import('@peculiar/x509')> {
  const none: PropertyDescriptor = { value: () => undefined, configurable: true, writable: true };
  for (const name of ['getMetadata', 'getOwnMetadata', 'defineMetadata']) {
    if (!(name in Reflect)) Object.defineProperty(Reflect, name, none);
  }
  return import('@peculiar/x509');
}
