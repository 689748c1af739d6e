# What the newer clients of managed identities do (MSAL .NET, ManagedIdentity/V2; MSAL Python, msi_v2.py), request by request,
# with openssl and curl: a certificate for a key of this machine, and with it a token that is bound to the key.
# Leaves key.pem, cert.pem, token.json and token in the working directory.
set -euo pipefail

imds=http://169.254.169.254/metadata/identity
of() { sed "s/.*\"$1\":\"//;s/\".*//" "$2"; }

curl -s -H Metadata:true -D headers "$imds/getplatformmetadata?cred-api-version=2.0" > metadata.json
grep -qi '^server: IMDS' headers

cat > req.cnf <<END
oid_section = oids
[oids]
cuId = 1.3.6.1.4.1.311.90.2.10
[req]
prompt = no
string_mask = utf8only
distinguished_name = dn
attributes = attributes
[dn]
CN = $(of clientId metadata.json)
DC = $(of tenantId metadata.json)
[attributes]
cuId = $(sed 's/.*"cuId":\({[^}]*}\).*/\1/;s/"/\\"/g' metadata.json)
END
openssl genrsa -out key.pem 2048 2> /dev/null
openssl req -new -config req.cnf -key key.pem -sha256 -outform DER \
  -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 | base64 -w0 > csr

printf '{"csr":"%s","attestation_token":""}' "$(cat csr)" > body
curl -s -H Metadata:true -H Content-Type:application/json -d @body "$imds/issuecredential?cred-api-version=2.0" > credential.json
of certificate credential.json | base64 -d | openssl x509 -inform der -out cert.pem

endpoint=$(of mtls_authentication_endpoint credential.json)/$(of tenant_id credential.json)/oauth2/v2.0/token
curl -sS --fail-with-body --cert cert.pem --key key.pem "$endpoint" -d grant_type=client_credentials \
  -d "client_id=$(of client_id credential.json)" -d scope=https://management.azure.com/.default -d token_type=mtls_pop > token.json
of access_token token.json > token
