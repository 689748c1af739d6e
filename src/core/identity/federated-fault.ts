import { type Refusal, refuse } from '../refusal.ts';
import type { FederatedFault } from './federated-credential.ts';

/**
 * A fault in Resource Manager's words. The codes are those of answers that were captured from Azure, and of the table of
 * errors in the first document.
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust-user-assigned-managed-identity
 * @see https://github.com/Azure/azure-cli/issues/31598 (the answer for the number of audiences)
 */
export function refuseFaultAtArm(fault: FederatedFault): Refusal {
  switch (fault.fault) {
    case 'name':
      return refuse('InvalidResourceName', nameMessage(fault.name), { target: 'name' });
    case 'missing':
      return refuse(
        'BadRequest',
        `The request format was unexpected. Federated Identity Credential must specify 'issuer', 'subject' and 'audience'.`,
        { target: `properties.${fault.field}` },
      );
    case 'audienceCount':
      return refuse(
        'InvalidFederatedIdentityCredentialsAudienceLength',
        'Federated identity credentials must have exactly 1 audience.',
        { target: 'properties.audiences' },
      );
    case 'combination':
      return refuse('Conflict', 'Issuer and subject combination already exists for this Managed Identity.');
    case 'tooMany':
      return refuse('BadRequest', `Too many Federated Identity Credentials: an identity has at most ${fault.limit}.`);
    default:
      return refuse('BadRequest', valueMessage(fault), { target: `properties.${fieldOf(fault)}` });
  }
}

/**
 * A fault in Microsoft Graph's words: the same code for each, as its answers have it.
 * @see https://github.com/Azure/azure-workload-identity/issues/434 (the answer for a repeated combination)
 */
export function refuseFaultAtGraph(fault: FederatedFault): Refusal {
  return refuse('InvalidFederatedIdentityCredentialValue', graphMessage(fault));
}

type ValueFault = Extract<FederatedFault, { readonly fault: 'tooLong' | 'issuer' | 'whitespace' }>;

function graphMessage(fault: FederatedFault): string {
  const objectType = 'objectType: Microsoft.Online.DirectoryServices.Application';
  switch (fault.fault) {
    case 'name':
      return `${nameMessage(fault.name)} paramName: FederatedIdentityCredential.Name, paramValue: ${fault.name}, ${objectType}`;
    case 'missing':
      return `A value is required for property '${fault.field}' of resource 'FederatedIdentityCredential'.`;
    case 'audienceCount':
      return `The audiences must have exactly 1 value; ${fault.count} were given. paramName: FederatedIdentityCredential.Audiences, ${objectType}`;
    case 'combination':
      return `The combination of issuer and subject must be unique for the application. Issuer ${fault.issuer} and Subject: ${fault.subject} already exist. paramName: FederatedIdentityCredential.Subject, paramValue: ${fault.subject}, ${objectType}`;
    case 'tooMany':
      return `The number of federated identity credentials would exceed the limit of ${fault.limit}. ${objectType}`;
    default:
      return `${valueMessage(fault)} ${objectType}`;
  }
}

function nameMessage(name: string): string {
  return `The federated identity credential's name '${name}' is not valid. It has 3 to 120 letters, digits, hyphens and underscores, and starts with a letter or digit.`;
}

function valueMessage(fault: ValueFault): string {
  switch (fault.fault) {
    case 'tooLong':
      return `The '${fault.field}' of a federated identity credential has at most 600 characters; this one has ${fault.length}.`;
    case 'whitespace':
      return `The '${fault.field}' of a federated identity credential must not begin or end with white space: '${fault.value}'.`;
    case 'issuer':
      return `The issuer '${fault.issuer}' is not valid: it must be an https URL without a query, such as https://token.actions.githubusercontent.com.`;
  }
}

function fieldOf(fault: ValueFault): string {
  return fault.fault === 'issuer' ? 'issuer' : fault.field;
}
