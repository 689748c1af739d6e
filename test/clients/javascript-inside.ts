/**
 * Runs inside a machine: @azure/identity's ManagedIdentityCredential with each selector and DefaultAzureCredential, as a program
 * would use them. Prints one JSON object: for each credential the token's claims, or the message of the failure.
 */
import { DefaultAzureCredential, ManagedIdentityCredential, type TokenCredential } from '@azure/identity';

const [clientId = '', objectId = '', resourceId = ''] = process.argv.slice(2);
const credentials: Readonly<Record<string, () => TokenCredential>> = {
  none: () => new ManagedIdentityCredential(),
  clientId: () => new ManagedIdentityCredential({ clientId }),
  objectId: () => new ManagedIdentityCredential({ objectId }),
  resourceId: () => new ManagedIdentityCredential({ resourceId }),
  unknownClientId: () => new ManagedIdentityCredential({ clientId: '00000000-0000-4000-8000-000000000000' }),
  default: () => new DefaultAzureCredential(),
  defaultWithClientId: () => new DefaultAzureCredential({ managedIdentityClientId: clientId }),
};

const answers: Record<string, unknown> = {};
for (const [name, open] of Object.entries(credentials)) {
  try {
    const { token } = (await open().getToken('https://management.azure.com/.default')) ?? { token: '' };
    answers[name] = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  } catch (error) {
    answers[name] = { failed: (error as Error).message };
  }
}
console.log(JSON.stringify(answers));
