"""Runs beside the machines with the environment of a door: prints the claims of ManagedIdentityCredential's token."""

import base64

from azure.identity import ManagedIdentityCredential

token = ManagedIdentityCredential().get_token("https://management.azure.com/.default").token
payload = token.split(".")[1]
print(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode())
