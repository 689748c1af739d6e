/**
 * An OpenID issuer in a process of its own, on a loopback port, until its standard input ends. Prints one line of JSON: its issuer
 * URL, its authority's certificate, and the private key with which a test signs what it issues.
 */
import { issuerServer } from '../sts/federation/issuer-server.ts';

const server = await issuerServer();
const [key] = server.state.keys;
console.log(
  JSON.stringify({
    issuer: server.issuer,
    ca: server.ca,
    kid: key?.kid,
    privateKey: key?.privateKey.export({ type: 'pkcs8', format: 'pem' }),
  }),
);
process.stdin.on('end', server.close).resume();
