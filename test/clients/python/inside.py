"""Runs inside a machine: each credential of azure-identity, as a program would use it.

Reads what each is made with from standard input and prints one JSON object: for each the token's claims, or the message of
the failure.
"""

import base64
import json
import os
import sys
import tempfile

from azure.core.exceptions import ClientAuthenticationError
from azure.identity import (
    AzureCliCredential,
    CertificateCredential,
    ChainedTokenCredential,
    ClientAssertionCredential,
    ClientSecretCredential,
    CredentialUnavailableError,
    DefaultAzureCredential,
    EnvironmentCredential,
    ManagedIdentityCredential,
    WorkloadIdentityCredential,
)

given = json.load(sys.stdin)
identity, client = given["identity"], given["client"]
exchange = "api://AzureADTokenExchange/.default"


def assertion():
    return ManagedIdentityCredential(client_id=identity["clientId"]).get_token(exchange).token


def of_client(kind, *proof, **more):
    return kind(client["tenantId"], client["clientId"], *proof, **more)


def environment():
    os.environ.update(
        AZURE_TENANT_ID=client["tenantId"], AZURE_CLIENT_ID=client["clientId"], AZURE_CLIENT_SECRET=client["secret"]
    )
    try:
        return EnvironmentCredential()
    finally:
        for name in ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"):
            del os.environ[name]


def workload():
    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write(assertion())
    return WorkloadIdentityCredential(
        tenant_id=client["tenantId"], client_id=client["clientId"], token_file_path=file.name
    )


credentials = {
    "system": lambda: ManagedIdentityCredential(),
    "clientId": lambda: ManagedIdentityCredential(client_id=identity["clientId"]),
    "objectId": lambda: ManagedIdentityCredential(identity_config={"object_id": identity["principalId"]}),
    "resourceId": lambda: ManagedIdentityCredential(identity_config={"resource_id": identity["id"]}),
    "unknown": lambda: ManagedIdentityCredential(client_id="00000000-0000-4000-8000-000000000000"),
    "default": lambda: DefaultAzureCredential(),
    "chained": lambda: ChainedTokenCredential(EnvironmentCredential(), ManagedIdentityCredential()),
    "secret": lambda: of_client(ClientSecretCredential, client["secret"]),
    "environment": environment,
    "certificate": lambda: of_client(
        CertificateCredential, certificate_data=given["certificate"].encode()
    ),
    "assertion": lambda: of_client(ClientAssertionCredential, assertion),
    "workload": workload,
    "cli": lambda: AzureCliCredential(),
}


def claims_of(name):
    try:
        token = credentials[name]().get_token("https://management.azure.com/.default").token
    except (ClientAuthenticationError, CredentialUnavailableError) as error:
        return {"failed": str(error)}
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


print(json.dumps({name: claims_of(name) for name in given["credentials"]}))
