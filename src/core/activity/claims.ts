import type { Json, JsonObject } from '../json.ts';

/**
 * The names under which the activity log shows a token's claims, where they are not the token's own: the URIs to which
 * .NET's JWT handler maps them. @see https://learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema, `claims`
 */
const claimUris: Readonly<Record<string, string>> = {
  acr: 'http://schemas.microsoft.com/claims/authnclassreference',
  amr: 'http://schemas.microsoft.com/claims/authnmethodsreferences',
  family_name: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname',
  given_name: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname',
  idp: 'http://schemas.microsoft.com/identity/claims/identityprovider',
  oid: 'http://schemas.microsoft.com/identity/claims/objectidentifier',
  roles: 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role',
  scp: 'http://schemas.microsoft.com/identity/claims/scope',
  sub: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier',
  tid: 'http://schemas.microsoft.com/identity/claims/tenantid',
  unique_name: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name',
  upn: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn',
};

/** A token's claims as the activity log shows them: a map of strings, under Azure's names. */
export function formatClaims(claims: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [
      Object.hasOwn(claimUris, name) ? (claimUris[name] as string) : name,
      formatClaim(value),
    ]),
  );
}

function formatClaim(value: Json): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(',');
  return JSON.stringify(value);
}
