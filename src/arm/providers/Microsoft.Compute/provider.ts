// Microsoft.Compute: virtual machines and scale sets, which the machine host makes real, and galleries of access control profiles. A machine's document, power record and
// principal are written together; what takes time is a work, done one at a time for each machine and taken up again after a restart.

import type { Provider, ProviderContext } from '../../provider-contract.ts';
import { apiVersions, namespace } from './api-versions.ts';
import { catalogTypes } from './catalog/routes.ts';
import { tearDownMachine } from './delete-machine.ts';
import { galleryTeardown, galleryTypes } from './galleries/routes.ts';
import { machineType } from './machine-name.ts';
import { machineTypes, machineWorks } from './machine-routes.ts';
import { builtInCommandOperations } from './run-command/built-in-commands.ts';
import { runCommandWorks } from './run-command/routes.ts';
import { scaleSetTypes, scaleSetWorks } from './scale-set/routes.ts';
import { instanceType } from './scale-set/set-document.ts';

/** The compute resource provider over what it is given. */
export function compute(context: ProviderContext): Provider {
  return {
    namespace,
    resourceTypes: [
      ...machineTypes(context),
      ...scaleSetTypes(context),
      ...galleryTypes(context),
      ...catalogTypes(context),
      { type: 'locations/runCommands', apiVersions, regional: false, operations: builtInCommandOperations },
    ],
    works: { ...machineWorks(context), ...scaleSetWorks(context), ...runCommandWorks(context) },
    // A set's own end is its document's, with its principal; its instances go before it.
    teardown: {
      ...galleryTeardown,
      ...Object.fromEntries(
        [machineType, instanceType].map((type) => [
          type.toLowerCase(),
          (resourceId: string) => tearDownMachine(context, resourceId),
        ]),
      ),
    },
  };
}
