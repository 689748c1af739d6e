import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { CertificationRequest } from '@peculiar/asn1-csr';
import { AsnConvert } from '@peculiar/asn1-schema';
import { DirectoryString, type Name } from '@peculiar/asn1-x509';
import { type Refusal, refuse } from '../../core/refusal.ts';

/** What a certificate request says, once its signature was found to be made with its own key. */
export interface CertificateRequest {
  /** Attribute CN of the subject. */
  readonly clientId: string;
  /** Attribute DC of the subject. */
  readonly tenantId: string;
  /** The machine's id as JSON, in an attribute of Microsoft's. */
  readonly cuId: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
}

const oid = {
  commonName: '2.5.4.3',
  domainComponent: '0.9.2342.19200300.100.1.25',
  cuId: '1.3.6.1.4.1.311.90.2.10',
  rsaPss: '1.2.840.113549.1.1.10',
} as const;

/** The only length of key that is taken, in bits. */
const keyBits = 2048;
/** The longest request that is read, in characters of base64; one with a key of 2048 bits has about 1,100. */
const longest = 4096;

/**
 * Reads a PKCS #10 request from base64 (without PEM's armour) and checks that it was signed by the key that it names: RSA of
 * 2048 bits, PSS with SHA-256. Refuses `imdsBodyInvalid`.
 * @see MSAL .NET, ManagedIdentity/V2/Csr.cs
 */
export function parseCertificateRequest(csr: string): CertificateRequest | Refusal {
  if (csr.length > longest || !/^[A-Za-z\d+/]+={0,2}$/.test(csr)) {
    return malformed(`it must be at most ${longest} characters of base64, without PEM's armour`);
  }
  const request = read(Buffer.from(csr, 'base64'));
  if (request === undefined) return malformed('it is no PKCS #10 request in DER');
  const { info, signature, algorithm } = request;
  const publicKey = new Uint8Array(AsnConvert.serialize(info.subjectPKInfo));
  const key = readKey(publicKey);
  if (key === undefined) return malformed(`its key must be RSA of ${keyBits} bits`);
  if (algorithm !== oid.rsaPss) return malformed('it must be signed with RSASSA-PSS');
  const pss = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  if (!verify('sha256', request.signed, pss, signature)) return malformed('its signature is not that of its key');
  const { [oid.commonName]: clientId, [oid.domainComponent]: tenantId, ...others } = attributesOf(info.subject);
  if (!clientId || !tenantId || Object.keys(others).length > 0)
    return malformed('its subject must be CN={clientId}, DC={tenantId}');
  const cuId = readCuId(info.attributes);
  return cuId === undefined ? malformed(`it lacks the attribute ${oid.cuId}`) : { clientId, tenantId, cuId, publicKey };
}

type Info = CertificationRequest['certificationRequestInfo'];

interface Read {
  readonly info: Info;
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
  readonly algorithm: string;
}

function read(der: Uint8Array): Read | undefined {
  try {
    const request = AsnConvert.parse(der, CertificationRequest);
    const { certificationRequestInfo: info, certificationRequestInfoRaw: signed } = request;
    if (signed === undefined) return undefined;
    const { algorithm } = request.signatureAlgorithm;
    return { info, algorithm, signed: new Uint8Array(signed), signature: new Uint8Array(request.signature) };
  } catch {
    return undefined;
  }
}

function readKey(spki: Uint8Array): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    const isTaken = key.asymmetricKeyType === 'rsa' && key.asymmetricKeyDetails?.modulusLength === keyBits;
    return isTaken ? key : undefined;
  } catch {
    return undefined;
  }
}

/** The attributes of a name by their type, whatever their order; one that occurs twice has both values in one. */
function attributesOf(subject: Name): Readonly<Record<string, string>> {
  const attributes: Record<string, string> = {};
  for (const { type, value } of [...subject].flatMap((step) => [...step])) {
    attributes[type] = type in attributes ? `${attributes[type]}, ${value}` : value.toString();
  }
  return attributes;
}

function readCuId(attributes: Info['attributes'] | undefined): string | undefined {
  const [value, ...others] = [...(attributes ?? [])]
    .filter(({ type }) => type === oid.cuId)
    .flatMap(({ values }) => values);
  if (value === undefined || others.length > 0) return undefined;
  try {
    return AsnConvert.parse(value, DirectoryString).utf8String;
  } catch {
    return undefined;
  }
}

function malformed(why: string): Refusal {
  return refuse('imdsBodyInvalid', `The certificate request (csr) is not accepted: ${why}`);
}
