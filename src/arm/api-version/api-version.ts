// Which api-versions are answered. Clients are newer than we, so the rule is a lower bound.

import { isJsonObject, type Json } from '../../core/json.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { findRegion, regions } from '../../core/regions.ts';
import { rememberObjects, rememberTexts } from '../../core/remember.ts';
import type { Route } from '../route/route.ts';

const shape = /^(\d{4})-(\d{2})-(\d{2})(-[a-z]+[a-z0-9.-]*)?$/i;

/** The request's api-version. Refuses `MissingApiVersionParameter`, and `InvalidApiVersionParameter` for what is no date. */
export function parseApiVersion(query: ReadonlyMap<string, string>): string | Refusal {
  const version = query.get('api-version')?.trim() ?? '';
  if (version === '') {
    return refuse(
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  return isVersion(version) ? version.toLowerCase() : invalid(version, []);
}

/**
 * Whether a type answers to a version: any well-formed date from its oldest on, since clients are newer than we. Refuses
 * `InvalidApiVersionParameter` for ARM's own types; for the others `NoRegisteredProviderFound` where the request says in
 * which region the resource is to be, and `InvalidResourceType` where it does not.
 */
export function decideApiVersion(
  version: string,
  { provider, resourceType }: Route,
  body: Json | undefined,
): Refusal | undefined {
  const { apiVersions, type, regional, acceptedFrom } = resourceType;
  const oldest = acceptedFrom ?? oldestOf(apiVersions);
  if (oldest === undefined || dateOf(version) >= oldest) return undefined;
  if (provider.namespace === 'Microsoft.Resources') return invalid(version, apiVersions);
  const location = regional && isJsonObject(body) ? body['location'] : undefined;
  const region = typeof location === 'string' ? findRegion(location) : undefined;
  if (region !== undefined) return noProvider(version, type, apiVersions, region.name);
  return refuse(
    'InvalidResourceType',
    `The resource type '${type}' could not be found in the namespace '${provider.namespace}' for api version '${version}'. The supported api-versions are '${apiVersions.join(',')}'.`,
  );
}

const oldestOf = rememberObjects((apiVersions: readonly string[]) => apiVersions.map(dateOf).toSorted()[0]);

function noProvider(version: string, type: string, apiVersions: readonly string[], location: string): Refusal {
  const names = regions.map(({ name }) => name).join(', ');
  return refuse(
    'NoRegisteredProviderFound',
    `No registered resource provider found for location '${location}' and API version '${version}' for type '${type}'. The supported api-versions are '${apiVersions.join(', ')}'. The supported locations are '${names}'.`,
  );
}

/** A version that ARM itself does not know; `supported` may be empty when no type is known yet. */
export function invalid(version: string, supported: readonly string[]): Refusal {
  const rest =
    supported.length === 0
      ? 'It must be a date such as 2024-11-01, optionally followed by -preview.'
      : `The supported versions are '${supported.join(',')}'.`;
  return refuse('InvalidApiVersionParameter', `The api-version '${version}' is invalid. ${rest}`);
}

const isVersion = rememberTexts(isDate, { limit: 256, maxLength: 64 });

function isDate(text: string): boolean {
  const match = shape.exec(text);
  if (match === null) return false;
  const [, year, month, day] = match;
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(`${year}-${month}-${day}`);
}

function dateOf(version: string): string {
  return version.slice(0, 10);
}
