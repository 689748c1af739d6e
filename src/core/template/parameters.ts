import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { isRefusal, type Refusal } from '../refusal.ts';
import { invalidTemplate } from './invalid-template.ts';
import { type Declared, judgeValue, resolveType } from './parameter-type.ts';
import type { Template } from './template.ts';

/** A parameter with the value that was given; undefined: the default is evaluated when it is asked for. */
export interface BoundParameter {
  readonly name: string;
  /** As written: `secureString`. */
  readonly type: string;
  readonly secure: boolean;
  readonly given?: Json;
  readonly defaultValue?: Json;
  readonly declared: Declared;
}

/** The parameters by folded name. */
export type BoundParameters = ReadonlyMap<string, BoundParameter>;

const moreAboutValues = 'Please see https://aka.ms/arm-pass-parameter-values for usage details.';

/**
 * Puts the values that were given (`{name: {value}}`) to the parameters of a template. Refuses `InvalidTemplate` for what is missing, not
 * declared or not of its type; the value of a secure parameter stands in no message.
 */
export function bindParameters(template: Template, given: Json | undefined): BoundParameters | Refusal {
  const values = readGiven(given);
  if (isRefusal(values)) return values;
  const unknown = judgeNames(template, values);
  if (unknown !== undefined) return unknown;
  const bound = new Map<string, BoundParameter>();
  for (const [name, declaration] of Object.entries(template.parameters)) {
    const parameter = bind(template, name, declaration, values.get(name.toLowerCase()));
    if (isRefusal(parameter)) return parameter;
    bound.set(name.toLowerCase(), parameter);
  }
  return bound;
}

/** Each value in a box: null is a value too. */
type Given = ReadonlyMap<string, { readonly name: string; readonly value: Json }>;

function readGiven(given: Json | undefined): Given | Refusal {
  if (given === undefined || given === null) return new Map();
  if (!isJsonObject(given)) return invalidTemplate("'parameters' must be an object");
  // A whole parameter file holds them one level deeper.
  const parameters = isJsonObject(given['parameters']) && '$schema' in given ? given['parameters'] : given;
  const values = new Map<string, { readonly name: string; readonly value: Json }>();
  for (const [name, box] of Object.entries(parameters)) {
    if (isJsonObject(box) && 'reference' in box) {
      return invalidTemplate(
        `the parameter '${name}' refers to a key vault: its secrets cannot be read here. Give the value itself`,
      );
    }
    if (!isJsonObject(box) || box['value'] === undefined) {
      return invalidTemplate(`the parameter '${name}' must be given as an object with a 'value'`);
    }
    values.set(name.toLowerCase(), { name, value: box['value'] });
  }
  return values;
}

function judgeNames({ parameters }: Template, values: Given): Refusal | undefined {
  const known = new Set(Object.keys(parameters).map((name) => name.toLowerCase()));
  const unknown = [...values.values()].filter(({ name }) => !known.has(name.toLowerCase())).map(({ name }) => name);
  if (unknown.length === 0) return undefined;
  return invalidTemplate(
    `The template parameters '${unknown.join(', ')}' in the parameters file are not valid; they are not present in the original template and can therefore not be provided at deployment time. The only supported parameters for this template are '${Object.keys(parameters).join(', ')}'. ${moreAboutValues}`,
  );
}

function bind(
  template: Template,
  name: string,
  declaration: JsonObject,
  given: { readonly value: Json } | undefined,
): BoundParameter | Refusal {
  const declared = resolveType(template.definitions, declaration);
  if (isRefusal(declared)) return { ...declared, message: declared.message.replace('{name}', name) };
  const { type, nullable } = declared;
  const secure = /^secure/i.test(type);
  const parameter = { name, type, secure, declared };
  if (given !== undefined) {
    const wrong = judgeValue(name, declared, given.value);
    return wrong ?? { ...parameter, given: given.value };
  }
  const defaultValue = declaration['defaultValue'];
  if (defaultValue !== undefined) return { ...parameter, defaultValue };
  if (nullable) return { ...parameter, given: null };
  return invalidTemplate(
    `The value for the template parameter '${name}' is not provided. Please see https://aka.ms/arm-create-parameter-file for usage details.`,
  );
}
