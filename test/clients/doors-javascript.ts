/**
 * Runs beside the machines with the environment of a door: @azure/identity's ManagedIdentityCredential, with and without a
 * selector. Prints one JSON object: for each the token's claims, or the message of the failure.
 */
import { ManagedIdentityCredential } from '@azure/identity';

const [clientId = ''] = process.argv.slice(2);
const credentials = { none: new ManagedIdentityCredential(), clientId: new ManagedIdentityCredential({ clientId }) };
const answers: Record<string, unknown> = {};
for (const [name, credential] of Object.entries(credentials)) {
  try {
    const { token } = (await credential.getToken('https://management.azure.com/.default')) ?? { token: '' };
    answers[name] = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  } catch (error) {
    answers[name] = { failed: (error as Error).message };
  }
}
console.log(JSON.stringify(answers));
