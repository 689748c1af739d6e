import { rememberTexts } from '../remember.ts';
import { findKnownResource, graphAppId, resourceManagerAppId } from '../token/audiences.ts';
import { foldParameter, resourceParameter } from './canonical-request.ts';

/**
 * The names of what a token is asked for, folded. A request means several things at once where the token is good for several
 * services: it is allowed only if each of them is.
 */
export type ResourceReadings = readonly (readonly string[])[];

/** What else is known of a resource: by this origin and the tenant's directory. */
export interface ResourceFacts {
  /** Postern's own origin, where Resource Manager and Microsoft Graph both take its tokens. */
  readonly origin: string;
  /** The other names of an application of the directory; empty for what is none. */
  namesOfApplication(resource: string): readonly string[];
}

/**
 * All names of the resource of a request. A service's other URIs and application id are names of it, a host of a service
 * (`https://v.vault.azure.net`) has the names of the service beside its own.
 */
export function readResource(resource: string, facts: ResourceFacts): ResourceReadings {
  const own = fold(resource);
  if (own === fold(facts.origin)) {
    return [resourceManagerAppId, graphAppId].map((appId) => unique([own, ...namesOfService(appId)]));
  }
  return [unique([own, ...namesOfService(own), ...facts.namesOfApplication(own).map(fold)])];
}

const namesOfService = rememberTexts(
  (resource): readonly string[] => {
    const known = findKnownResource(resource);
    if (known === undefined) return [];
    return [...known.uris.map(fold), ...(known.appId === undefined ? [] : [known.appId])];
  },
  { limit: 256, maxLength: 256 },
);

function fold(resource: string): string {
  return foldParameter(resourceParameter, resource).value;
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
