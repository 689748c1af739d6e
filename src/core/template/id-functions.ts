import type { Json } from '../json.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { formatGroupId, formatSubscriptionId } from '../resource-id.ts';
import type { Evaluated, TemplateFunction } from './expression/evaluated.ts';
import { addressOf } from './resource-address.ts';
import type { DeploymentScope } from './scope.ts';

/**
 * `resourceId` and its relatives.
 * @see https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-resource "resourceId"
 */
export function idFunctions(scope: DeploymentScope): Readonly<Record<string, TemplateFunction>> {
  const over = (name: string, most: number, above: (leading: readonly string[]) => string | undefined) =>
    named(name, most, above, scope);
  const { subscriptionId, resourceGroupName } = scope;
  const subscriptionOr = (given: string | undefined) => given ?? subscriptionId;
  return {
    resourceid: over('resourceId', 2, (leading) => aboveResource(leading, scope)),
    subscriptionresourceid: over('subscriptionResourceId', 1, ([given]) => {
      const subscription = subscriptionOr(given);
      return subscription === undefined ? undefined : formatSubscriptionId(subscription);
    }),
    tenantresourceid: over('tenantResourceId', 0, () => '/'),
    extensionresourceid: (args) => extensionId(args, scope),
    managementgroupresourceid: over('managementGroupResourceId', 1, ([given]) => {
      if (given !== undefined) return `/providers/Microsoft.Management/managementGroups/${given}`;
      return scope.kind === 'managementGroup' && resourceGroupName === undefined ? scope.id : undefined;
    }),
  };
}

/** What `resourceId` puts before the type: of the group of the deployment, or of what is named before the type. */
function aboveResource(leading: readonly string[], scope: DeploymentScope): string | undefined {
  const [first, second] = leading;
  if (first !== undefined && second !== undefined) return formatGroupId(first, second);
  if (first === undefined) return scope.id;
  if (scope.kind !== 'group' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(first)) {
    return formatSubscriptionId(first);
  }
  return scope.subscriptionId === undefined ? undefined : formatGroupId(scope.subscriptionId, first);
}

/** A function of leading arguments, a type (the first argument with a `/`) and names. */
function named(
  name: string,
  mostLeading: number,
  above: (leading: readonly string[]) => string | undefined,
  scope: DeploymentScope,
): TemplateFunction {
  return (args) => {
    if (!args.every((arg): arg is string => typeof arg === 'string')) return unusable(name, args);
    const at = args.findIndex((arg) => arg.includes('/'));
    if (at < 0 || at > mostLeading) return unusable(name, args);
    const upper = above(args.slice(0, at));
    return upper === undefined ? unusable(name, args) : idBelow(name, upper, args.slice(at), scope);
  };
}

function idBelow(name: string, upper: string, typed: readonly string[], scope: DeploymentScope): Evaluated {
  const [type = '', ...names] = typed;
  // Groups are at `/resourceGroups`, not at `/providers`, and say so by their type.
  const ofContainer = /\/resourceGroups$/i.test(type) ? {} : { scope: upper };
  const id = addressOf({ type, name: names.join('/'), ...ofContainer }, scope);
  return isRefusal(id) ? unusable(name, typed) : { value: id };
}

function extensionId(args: readonly Json[], scope: DeploymentScope): Evaluated {
  const [on, type, ...names] = args;
  if (typeof on !== 'string' || !on.startsWith('/') || typeof type !== 'string') {
    return unusable('extensionResourceId', args);
  }
  return idBelow('extensionResourceId', on, [type, ...names.map(String)], scope);
}

function unusable(name: string, args: readonly Json[]): Refusal {
  return refuse(
    'InvalidTemplate',
    `Unable to evaluate template language function '${name}': the arguments '${args.map(String).join(', ')}' must be a fully qualified resource type and one name for each of its segments. Please see https://aka.ms/arm-functions for usage details.`,
  );
}
