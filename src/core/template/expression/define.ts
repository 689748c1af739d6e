import { isJsonObject, type Json, type JsonObject } from '../../json.ts';
import { type Refusal, refuse } from '../../refusal.ts';
import type { TemplateFunction } from './evaluated.ts';
import { kindOf } from './kinds.ts';

/** What an argument must be: its type as messages name it, and the test. */
export interface Parameter<T extends Json> {
  readonly type: string;
  is(value: Json): value is T;
}

/** Why a function gives no value. A class, so that no value of a template can be taken for one. */
export class Fault {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** A function that still lacks its name, which stands in its messages. */
export type Definition = (name: string) => TemplateFunction;

/** Tells that a function gives no value; `reason` reads on after "Unable to evaluate template language function 'x': ". */
export function fault(reason: string): Fault {
  return new Fault(reason);
}

export const anything: Parameter<Json> = { type: 'Any', is: (value): value is Json => value !== undefined };
export const text: Parameter<string> = { type: 'String', is: (value) => typeof value === 'string' };
export const integer: Parameter<number> = { type: 'Integer', is: (value): value is number => Number.isInteger(value) };
export const numeric: Parameter<number> = { type: 'Integer or Float', is: (value) => typeof value === 'number' };
export const truth: Parameter<boolean> = { type: 'Boolean', is: (value) => typeof value === 'boolean' };
export const list: Parameter<readonly Json[]> = { type: 'Array', is: (value) => Array.isArray(value) };
export const record: Parameter<JsonObject> = {
  type: 'Object',
  is: (value): value is JsonObject => isJsonObject(value),
};

/** Either of two parameters. */
export function either<A extends Json, B extends Json>(a: Parameter<A>, b: Parameter<B>): Parameter<A | B> {
  return { type: `${a.type} or ${b.type}`, is: (value): value is A | B => a.is(value) || b.is(value) };
}

/** A parameter for which null stands too; Azure treats null as empty in most functions of texts. */
export function nullable<T extends Json>(of: Parameter<T>): Parameter<T | null> {
  return { type: of.type, is: (value): value is T | null => value === null || of.is(value) };
}

type Parameters<T extends readonly Json[]> = { readonly [K in keyof T]: Parameter<T[K]> };

/** A function with as many arguments as it has parameters. */
export function takes<T extends readonly Json[]>(
  parameters: Parameters<T>,
  gives: (...args: T) => Json | Fault,
): Definition {
  return withOptional<T, []>(parameters, [], gives);
}

/** A function whose last arguments may be left out. */
export function withOptional<T extends readonly Json[], O extends readonly Json[]>(
  required: Parameters<T>,
  optional: Parameters<O>,
  gives: (...args: [...T, ...Partial<O>]) => Json | Fault,
): Definition {
  const parameters = [...required, ...optional];
  return (name) => (args) =>
    wrongCount(name, args.length, required.length, parameters.length) ??
    wrongType(name, args, parameters) ??
    given(name, gives(...(args as [...T, ...Partial<O>])));
}

/** A function with any number of arguments of one type, at least so many. */
export function takesMany<T extends Json>(
  parameter: Parameter<T>,
  atLeast: number,
  gives: (args: readonly T[]) => Json | Fault,
): Definition {
  return (name) => (args) =>
    (args.length < atLeast ? tooFew(name, args.length, atLeast) : undefined) ??
    wrongType(
      name,
      args,
      args.map(() => parameter),
    ) ??
    given(name, gives(args as readonly T[]));
}

/** Names a table of definitions. */
export function named(
  definitions: Readonly<Record<string, Definition>>,
): readonly (readonly [string, TemplateFunction])[] {
  return Object.entries(definitions).map(([name, definition]) => [name.toLowerCase(), definition(name)] as const);
}

/** Refuses a function's arguments or their values, in the frame of Azure's messages. */
export function functionFailed(name: string, reason: string): Refusal {
  return refuse(
    'InvalidTemplate',
    `Unable to evaluate template language function '${name}': ${reason}. Please see https://aka.ms/arm-resource-functions/#${name} for usage details.`,
  );
}

/** Refuses a number of arguments. Observed from deployments, in github.com/KingslandConsulting/Kingsland.ArmLinter and Azure/bicep. */
export function wrongCount(name: string, count: number, least: number, most: number): Refusal | undefined {
  if (count >= least && count <= most) return undefined;
  const wanted = least === most ? `${least}` : `between ${least} and ${most}`;
  return functionFailed(name, `function requires ${wanted} argument(s) while ${count} were provided`);
}

/** Refuses an argument that is of another type than the function takes. Same source. */
export function wrongType(
  name: string,
  args: readonly Json[],
  parameters: readonly Parameter<Json>[],
): Refusal | undefined {
  const index = args.findIndex((arg, at) => parameters[at]?.is(arg) === false);
  if (index < 0) return undefined;
  const which = parameters.length === 1 ? '' : `${ordinals[index] ?? `${index + 1}th`} `;
  const wanted = `expects its ${which}parameter to be of type '${parameters[index]?.type}'`;
  return refuse(
    'InvalidTemplate',
    `The template language function '${name}' ${wanted}. The provided value is of type '${kindOf(args[index] ?? null)}'. Please see https://aka.ms/arm-resource-functions/#${name} for usage details.`,
  );
}

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth'];

function tooFew(name: string, count: number, least: number): Refusal {
  return least === 1
    ? refuse(
        'InvalidTemplate',
        `Unable to evaluate template language function '${name}'. At least one parameter should be provided. Please see https://aka.ms/arm-resource-functions/#${name} for usage details.`,
      )
    : functionFailed(name, `function requires at least ${least} argument(s) while ${count} were provided`);
}

function given(name: string, result: Json | Fault): ReturnType<TemplateFunction> {
  return result instanceof Fault ? functionFailed(name, result.reason) : { value: result };
}
