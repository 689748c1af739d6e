import type { Json, JsonObject } from '../json.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { Evaluated, TemplateFunction } from './expression/evaluated.ts';
import { onlyInDefaults } from './expression/parameter-defaults.ts';
import { outside } from './loops.ts';
import type { Surroundings } from './surroundings.ts';

/** The functions that answer what is around a template, by folded name. */
export function scopeFunctions(around: Surroundings): Readonly<Record<string, TemplateFunction>> {
  const given = (name: string, value: JsonObject | undefined): TemplateFunction => {
    return () => (value === undefined ? notHere(name, around) : { value });
  };
  return {
    deployment: given('deployment', around.deployment),
    deployer: given('deployer', around.deployer),
    environment: given('environment', around.environment),
    tenant: given('tenant', around.tenant),
    subscription: given('subscription', around.subscription),
    resourcegroup: given('resourceGroup', around.resourceGroup),
    managementgroup: given('managementGroup', around.managementGroup),
    providers: (args) => providers(around, args),
    pickzones: (args) => pickZones(args),
    copyindex: () => outside(),
    newguid: onlyInDefaults('newGuid'),
    utcnow: onlyInDefaults('utcNow'),
    reference: () => notExpected('reference'),
    references: () => notExpected('references'),
  };
}

function notHere(name: string, { scope }: Surroundings): Refusal {
  return refuse(
    'InvalidTemplate',
    `The template function '${name}' is not expected at this location: the deployment is made at the scope '${scope.id}'. Please see https://aka.ms/arm-functions for usage details.`,
  );
}

/** What a function of resources is where only what is known beforehand may stand. */
export function notExpected(name: string): Refusal {
  return refuse(
    'InvalidTemplate',
    `The template function '${name}' is not expected at this location. Please see https://aka.ms/arm-functions for usage details.`,
  );
}

/** @see azure/cli/core/commands/arm.py add_output: `providers('Microsoft.Network', 'x').apiVersions[0]` */
function providers(around: Surroundings, [namespace, type]: readonly Json[]): Evaluated {
  const found = around.provider(String(namespace), String(type));
  if (found !== undefined) return { value: found };
  return refuse(
    'InvalidTemplate',
    `The resource type '${String(type)}' could not be found in the namespace '${String(namespace)}'.`,
  );
}

/** No region here has zones that differ: every type is taken to have three, as most have in most regions. */
function pickZones([, , , count = 1, offset = 0]: readonly Json[]): Evaluated {
  const first = Number(offset);
  const wanted = Number(count);
  if (![first, wanted].every(Number.isInteger) || wanted < 1 || first < 0 || first + wanted > 3) {
    return refuse('InvalidTemplate', `The template function 'pickZones' can pick from the zones '1,2,3' only.`);
  }
  return { value: ['1', '2', '3'].slice(first, first + wanted) };
}
