import type { TokenRejection } from '../../core/ports/token-verifier.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import type { EpochMillis } from '../../core/time.ts';

/** What the wording of a rejection needs beside it. */
export interface RejectionFacts {
  readonly tenantId: string;
  readonly audiences: readonly string[];
  readonly now: EpochMillis;
}

/** A rejected token in ARM's words. Signature, key and algorithm failures look alike, as they do in Azure. */
export function refuseToken(rejection: TokenRejection, facts: RejectionFacts): Refusal {
  switch (rejection.rejected) {
    case 'expired':
      return expired(rejection.expiresOn * 1000, facts.now);
    case 'notYetValid':
      return notYetValid(rejection.notBefore * 1000, facts.now);
    case 'issuer':
    case 'tenant':
      return wrongIssuer(rejection.issuer, facts.tenantId);
    case 'audience':
      return wrongAudience(rejection.audience, facts.audiences);
    case 'unbound':
      return refuse(
        'InvalidAuthenticationToken',
        'The access token is bound to a client certificate, which this connection did not present.',
      );
    default:
      return refuse('InvalidAuthenticationToken', 'The access token is invalid.');
  }
}

function expired(expiresMillis: number, now: number): Refusal {
  return refuse(
    'ExpiredAuthenticationToken',
    `The access token expiry UTC time '${formatUsTime(expiresMillis)}' is earlier than current UTC time '${formatUsTime(now)}'.`,
  );
}

function notYetValid(notBeforeMillis: number, now: number): Refusal {
  return refuse(
    'InvalidAuthenticationToken',
    `The access token is not valid before UTC time '${formatUsTime(notBeforeMillis)}', which is later than current UTC time '${formatUsTime(now)}'.`,
  );
}

function wrongIssuer(issuer: string, tenantId: string): Refusal {
  return refuse(
    'InvalidAuthenticationTokenTenant',
    `The access token is from the wrong issuer '${issuer}'. It must match the tenant 'https://sts.windows.net/${tenantId}/' associated with this subscription. Please use the authority (URL) 'https://login.windows.net/${tenantId}' to get the token. Note, if the subscription is transferred to another tenant there is no impact to the services, but information about new tenant could take time to propagate (up to an hour). If you just transferred your subscription and see this error message, please try back later.`,
  );
}

function wrongAudience(audience: string, audiences: readonly string[]): Refusal {
  const allowed = audiences.map((one) => `'${one}'`).join(',');
  return refuse(
    'InvalidAuthenticationTokenAudience',
    `The access token has been obtained for wrong audience or resource '${audience}'. It should exactly match with one of the allowed audiences ${allowed}.`,
  );
}

/** `11/23/2026 10:50:35 PM`: how ARM writes times in these messages. */
export function formatUsTime(millis: number): string {
  const time = new Date(millis);
  const hours = time.getUTCHours();
  const clock = [hours % 12 === 0 ? 12 : hours % 12, two(time.getUTCMinutes()), two(time.getUTCSeconds())].join(':');
  const date = [time.getUTCMonth() + 1, time.getUTCDate(), time.getUTCFullYear()].join('/');
  return `${date} ${clock} ${hours < 12 ? 'AM' : 'PM'}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
