import type { Json } from '../json.ts';
import { isRefusal, type Refusal } from '../refusal.ts';
import { foldId } from '../resource-id.ts';
import { findCycle } from './dependency-cycle.ts';
import { evaluateString, evaluateValue } from './expression/evaluate.ts';
import { type Environment, type Evaluated, isValue } from './expression/evaluated.ts';
import { impliedNeeds } from './implied-needs.ts';
import { invalidTemplate } from './invalid-template.ts';
import { judgeCount, type Round, withRounds } from './loops.ts';
import { type NamedResources, nameResources } from './named-resources.ts';
import type { PlannedResource } from './planned-resource.ts';
import { addressOf } from './resource-address.ts';
import type { DeploymentScope } from './scope.ts';
import type { ResourceDeclaration, Template } from './template.ts';

/** The resources of a template, loops unrolled, with what each waits for. */
export interface TemplatePlan {
  readonly resources: readonly PlannedResource[];
  readonly named: NamedResources;
  /** By key: the keys of what must be done before. INVARIANT: without cycles. */
  readonly needs: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The most resources of a template. @see Azure Resource Manager, "Template limits" */
export const mostResources = 800;

/** Plans a template's resources. Refuses `InvalidTemplate`. */
export function planTemplate(
  template: Template,
  environment: Environment,
  scope: DeploymentScope,
): TemplatePlan | Refusal {
  const resources: PlannedResource[] = [];
  for (const declaration of template.resources) {
    const rounds = unroll(declaration, environment, scope);
    if (isRefusal(rounds)) return rounds;
    resources.push(...rounds);
    if (resources.length > mostResources) return tooMany(resources.length);
  }
  const twice = findTwice(resources);
  if (twice !== undefined) {
    return invalidTemplate(
      `The resource '${twice.id}' is defined multiple times in a template. Please see https://aka.ms/arm-syntax-resources for usage details.`,
    );
  }
  const named = nameResources(resources);
  const needs = new Map<string, ReadonlySet<string>>();
  for (const resource of resources) {
    const own = needsOf(resource, named, environment);
    if (isRefusal(own)) return own;
    needs.set(resource.key, own);
  }
  const cycle = findCycle(needs);
  if (cycle === undefined) return { resources, named, needs };
  const through = resources.filter(({ key }) => cycle.includes(key)).map(({ id }) => id);
  return invalidTemplate(
    `Circular dependency detected on resource: '${through[0] ?? ''}'. It is one of '${through.join(', ')}'. Please see https://aka.ms/arm-syntax-resources for usage details.`,
  );
}

function tooMany(actual: number): Refusal {
  return invalidTemplate(
    `The number of template resources limit exceeded. Limit: '${mostResources}' and actual: '${actual}'. Please see https://aka.ms/arm-template/#resources for usage details.`,
  );
}

/** A resource that is written twice; one may be declared twice with conditions of which one holds. */
function findTwice(resources: readonly PlannedResource[]): PlannedResource | undefined {
  const seen = new Set<string>();
  return resources.find(({ key, deployed }) => {
    if (!deployed) return false;
    if (seen.has(key)) return true;
    seen.add(key);
    return false;
  });
}

/** The resources that a declaration stands for: one, or one for each round of its loop. */
function unroll(
  declaration: ResourceDeclaration,
  environment: Environment,
  scope: DeploymentScope,
): readonly PlannedResource[] | Refusal {
  const { copy } = declaration;
  const rounds = copy === undefined ? [undefined] : roundsOf(copy.name, evaluateValue(copy.count, environment));
  if (isRefusal(rounds)) return inResource(rounds, declaration);
  const planned: PlannedResource[] = [];
  for (const round of rounds) {
    const one = planResource(declaration, round, environment, scope);
    if (isRefusal(one)) return one;
    planned.push(one);
  }
  return planned;
}

function roundsOf(name: string, counted: Evaluated): readonly Round[] | Refusal {
  if (!isValue(counted)) return known(counted);
  const times = judgeCount(counted.value, name);
  return isRefusal(times) ? times : Array.from({ length: times }, (_, index) => ({ name, index }));
}

function planResource(
  declaration: ResourceDeclaration,
  round: Round | undefined,
  environment: Environment,
  scope: DeploymentScope,
): PlannedResource | Refusal {
  const rounds = round === undefined ? [] : [round];
  const within = withRounds(environment, rounds);
  const read = readTexts(declaration, within);
  if (isRefusal(read)) return inResource(read, declaration);
  const { names, apiVersion, ...elsewhere } = read;
  const { type } = declaration;
  const id = addressOf({ type, name: names.join('/'), ...elsewhere }, scope);
  if (isRefusal(id)) return id;
  const condition = evaluateValue(declaration.condition ?? true, within);
  if (!isValue(condition)) return inResource(known(condition), declaration);
  if (typeof condition.value !== 'boolean') {
    return invalidTemplate(`The condition of the resource '${id}' must be true or false`);
  }
  return {
    key: foldId(id),
    id,
    type,
    name: names.join('/'),
    apiVersion,
    declaration,
    rounds,
    deployed: condition.value && !declaration.existing,
  };
}

/** The evaluated texts of a resource that say where it is. */
function readTexts(declaration: ResourceDeclaration, environment: Environment) {
  const names: string[] = [];
  for (const part of declaration.names) {
    const name = textOf(part, environment, 'name');
    if (isRefusal(name)) return name;
    names.push(name);
  }
  const apiVersion = textOf(declaration.apiVersion, environment, 'apiVersion');
  if (isRefusal(apiVersion)) return apiVersion;
  const elsewhere: [string, string][] = [];
  for (const word of ['scope', 'subscriptionId', 'resourceGroup'] as const) {
    const written = declaration[word];
    const text = written === undefined ? undefined : textOf(written, environment, word);
    if (isRefusal(text)) return text;
    if (text !== undefined) elsewhere.push([word, text]);
  }
  const where: Pick<ResourceDeclaration, 'scope' | 'subscriptionId' | 'resourceGroup'> = Object.fromEntries(elsewhere);
  return { names, apiVersion, ...where };
}

function textOf(written: string, environment: Environment, word: string): string | Refusal {
  const evaluated = evaluateString(written, environment);
  if (!isValue(evaluated)) return known(evaluated);
  return typeof evaluated.value === 'string' ? evaluated.value : invalidTemplate(`its '${word}' must be a string`);
}

/** What must be known at once, and so cannot be awaited. */
function known(evaluated: Exclude<Evaluated, { readonly value: Json }>): Refusal {
  return isRefusal(evaluated) ? evaluated : invalidTemplate('it depends on a resource, which is not known yet');
}

function inResource(refusal: Refusal, { names, type }: ResourceDeclaration): Refusal {
  return invalidTemplate(
    `The template resource '${names.join('/')}' of type '${type}' is not valid: ${refusal.message}`,
  );
}

/** What a resource waits for: what it depends on, what it refers to, and the batch before its own. */
function needsOf(
  resource: PlannedResource,
  named: NamedResources,
  environment: Environment,
): ReadonlySet<string> | Refusal {
  const needs = new Set<string>();
  const within = withRounds(environment, resource.rounds);
  for (const written of resource.declaration.dependsOn) {
    const text = textOf(written, within, 'dependsOn');
    if (isRefusal(text)) return inResource(text, resource.declaration);
    const found = named.find(text);
    if (found.length === 0) {
      return invalidTemplate(
        `The resource '${text}' is not defined in the template, but '${resource.id}' depends on it. Please see https://aka.ms/arm-syntax-resources for usage details.`,
      );
    }
    for (const { key } of found) needs.add(key);
  }
  for (const key of impliedNeeds(resource, named, within)) needs.add(key);
  for (const { key } of batchBefore(resource, named)) needs.add(key);
  needs.delete(resource.key);
  return needs;
}

/** Of a serial loop, the rounds of the batch before. */
function batchBefore({ declaration, rounds }: PlannedResource, named: NamedResources): readonly PlannedResource[] {
  const size = declaration.copy?.batchSize;
  const index = rounds[0]?.index ?? 0;
  if (size === undefined || index < size) return [];
  const first = (Math.floor(index / size) - 1) * size;
  return named.rounds(declaration).slice(first, first + size);
}
