"""A program of an administrator outside the machines: azure-identity and the management packages against a running Postern.

Reads its place from standard input and prints one JSON object of what it saw.
"""

import json
import sys
import uuid

import requests
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
from azure.identity import ClientSecretCredential
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.resource.subscriptions import SubscriptionClient

place = json.load(sys.stdin)
origin, subscription, group = place["origin"], place["subscriptionId"], place["group"]
location = "westeurope"


def sign_in(secret):
    return ClientSecretCredential(
        place["tenantId"], place["clientId"], secret, authority=origin, disable_instance_discovery=True
    )


def failure_of(attempt):
    try:
        attempt()
    except (ClientAuthenticationError, HttpResponseError) as error:
        return str(error)
    return "it was not refused"


credential = sign_in(place["clientSecret"])
how = {"base_url": origin, "credential_scopes": [f"{origin}/.default"], "polling_interval": 0.2}
resources = ResourceManagementClient(credential, subscription, **how)
subscriptions = SubscriptionClient(credential, **how)
compute = ComputeManagementClient(credential, subscription, **how)
identities = ManagedServiceIdentityClient(credential, subscription, **how)
authorization = AuthorizationManagementClient(credential, subscription, **how)

seen = {"wrongSecret": failure_of(lambda: sign_in(place["clientSecret"] + "x").get_token(f"{origin}/.default"))}
seen["subscriptions"] = [one.subscription_id for one in subscriptions.subscriptions.list()]

seen["groupBefore"] = resources.resource_groups.check_existence(group)
seen["group"] = resources.resource_groups.create_or_update(group, {"location": location}).name
seen["groupAfter"] = resources.resource_groups.check_existence(group)

machine = compute.virtual_machines.begin_create_or_update(
    group, "web-1", {"location": location, "identity": {"type": "SystemAssigned"}}
).result()
seen["machines"] = [one.name for one in compute.virtual_machines.list(group)]


def power():
    statuses = compute.virtual_machines.instance_view(group, "web-1").statuses
    return next(one.code for one in statuses if one.code.startswith("PowerState/"))


seen["power"] = [power()]
for change in (
    compute.virtual_machines.begin_deallocate,
    compute.virtual_machines.begin_start,
    compute.virtual_machines.begin_restart,
):
    change(group, "web-1").result()
    seen["power"].append(power())

script = {"commandId": "RunShellScript", "script": ['echo "$(hostname)"']}
seen["ran"] = compute.virtual_machines.begin_run_command(group, "web-1", script).result().value[0].message

shared = identities.user_assigned_identities.create_or_update(group, "shared", {"location": location})
seen["identities"] = [one.name for one in identities.user_assigned_identities.list_by_resource_group(group)]
machine = compute.virtual_machines.begin_update(
    group,
    "web-1",
    {"identity": {"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {shared.id: {}}}},
).result()
seen["attached"] = [one.lower() for one in machine.identity.user_assigned_identities]
seen["resources"] = sorted(one.type for one in resources.resources.list_by_resource_group(group))

scope = f"/subscriptions/{subscription}/resourceGroups/{group}"
reader = next(iter(authorization.role_definitions.list(scope, filter="roleName eq 'Reader'")))


def assign(principal, **more):
    return authorization.role_assignments.create(
        scope, str(uuid.uuid4()), {"role_definition_id": reader.id, "principal_id": principal, **more}
    )


def assignments():
    wanted = f"principalId eq '{shared.principal_id}'"
    return len(list(authorization.role_assignments.list_for_scope(scope, filter=wanted)))


assigned = assign(shared.principal_id, principal_type="ServicePrincipal")
seen["assignments"] = [assignments()]
authorization.role_assignments.delete(scope, assigned.name)
seen["assignments"].append(assignments())
seen["unknownPrincipal"] = failure_of(lambda: assign(str(uuid.uuid4())))

# An application that proves itself with a certificate, and with tokens of the identity above.
bearer = {"Authorization": f"Bearer {credential.get_token(f'{origin}/.default').token}"}


def graph(path, body):
    answer = requests.post(f"{origin}/v1.0{path}", json=body, headers=bearer, timeout=30)
    answer.raise_for_status()
    return answer.json()


application = graph(
    "/applications",
    {
        "displayName": "python",
        "keyCredentials": [{"type": "AsymmetricX509Cert", "usage": "Verify", "key": place["certificate"]}],
    },
)
graph("/servicePrincipals", {"appId": application["appId"]})
graph(
    f"/applications/{application['id']}/federatedIdentityCredentials",
    {
        "name": "shared",
        "issuer": f"https://login.microsoftonline.com/{place['tenantId']}/v2.0",
        "subject": shared.principal_id,
        "audiences": ["api://AzureADTokenExchange"],
    },
)

seen["made"] = {
    "application": application["appId"],
    "vm": {"id": machine.id, "principalId": machine.identity.principal_id},
    "identity": {"id": shared.id, "principalId": shared.principal_id, "clientId": shared.client_id},
}
print(json.dumps(seen))
