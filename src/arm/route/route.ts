import type { Operation, Provider, ResourceType } from '../provider-contract.ts';
import { parseTemplate, type Template } from './template.ts';

/** One row of the route table: an operation with the type and provider it belongs to. */
export interface Route {
  readonly provider: Provider;
  readonly resourceType: ResourceType;
  readonly operation: Operation;
  readonly template: Template;
}

/** Every route of the providers, in their order. */
export function routesOf(providers: readonly Provider[]): readonly Route[] {
  return providers.flatMap((provider) =>
    provider.resourceTypes.flatMap((resourceType) =>
      resourceType.operations.map((operation) => ({
        provider,
        resourceType,
        operation,
        template: parseTemplate(operation.path),
      })),
    ),
  );
}
