// Templates: what a deployment is told to make. This folder reads a template and plans it, purely: what there is of resources, in
// which order, and what each needs to be known first. Whatever must be loaded is asked for by the caller.

import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { isRefusal, type Refusal } from '../refusal.ts';
import { invalidTemplate } from './invalid-template.ts';
import { parseResources } from './parse-resources.ts';
import type { Template, UserFunction } from './template.ts';

/** @see https://learn.microsoft.com/azure/azure-resource-manager/templates/best-practices "Template limits" */
const limits = { parameters: 256, variables: 512, outputs: 64 } as const;

/** Reads a template. Refuses `InvalidTemplate`. */
export function parseTemplate(value: Json | undefined): Template | Refusal {
  if (!isJsonObject(value)) return invalidTemplate('the template must be a JSON object');
  const wrong = judgeHead(value) ?? judgeLimits(value);
  if (wrong !== undefined) return wrong;
  const symbolic = isJsonObject(value['resources']);
  const resources = parseResources(value['resources'] ?? []);
  const functions = parseFunctions(value['functions'] ?? []);
  const parameters = objectsOf(value, 'parameters');
  const outputs = objectsOf(value, 'outputs');
  if (isRefusal(resources)) return resources;
  if (isRefusal(functions)) return functions;
  if (isRefusal(parameters)) return parameters;
  if (isRefusal(outputs)) return outputs;
  return {
    symbolic,
    parameters,
    outputs,
    functions,
    resources,
    variables: partOf(value, 'variables'),
    definitions: partOf(value, 'definitions'),
  };
}

function judgeHead(value: JsonObject): Refusal | undefined {
  if (typeof value['$schema'] !== 'string') return invalidTemplate("the template has no '$schema'");
  if (typeof value['contentVersion'] !== 'string') return invalidTemplate("the template has no 'contentVersion'");
  const version = value['languageVersion'];
  if (version === undefined || /^(1|2)\.\d+(-[a-z]+)?$/i.test(String(version))) return undefined;
  return invalidTemplate(`the language version '${String(version)}' is not supported: use '2.0'`);
}

function judgeLimits(value: JsonObject): Refusal | undefined {
  for (const [part, limit] of Object.entries(limits)) {
    const count = Object.keys(partOf(value, part)).length;
    if (count > limit) {
      return invalidTemplate(`the number of template ${part} limit exceeded. Limit: '${limit}' and actual: '${count}'`);
    }
  }
  return undefined;
}

function partOf(value: JsonObject, name: string): JsonObject {
  const part = value[name];
  return isJsonObject(part) ? part : {};
}

/** A part of a template that has objects by name. */
function objectsOf(value: JsonObject, name: string): Readonly<Record<string, JsonObject>> | Refusal {
  const part = value[name];
  if (part !== undefined && part !== null && !isJsonObject(part)) return invalidTemplate(`'${name}' must be an object`);
  const wrong = Object.entries(partOf(value, name)).find(([, declared]) => !isJsonObject(declared));
  if (wrong !== undefined) return invalidTemplate(`'${name}.${wrong[0]}' must be an object`);
  return partOf(value, name) as Readonly<Record<string, JsonObject>>;
}

function parseFunctions(value: Json): ReadonlyMap<string, UserFunction> | Refusal {
  if (!Array.isArray(value)) return invalidTemplate("'functions' must be an array");
  const functions = new Map<string, UserFunction>();
  for (const part of value as readonly Json[]) {
    const namespace = isJsonObject(part) ? part['namespace'] : undefined;
    if (!isJsonObject(part) || typeof namespace !== 'string') {
      return invalidTemplate("each of 'functions' must have a 'namespace'");
    }
    for (const [name, member] of Object.entries(partOf(part, 'members'))) {
      const parsed = isJsonObject(member) ? parseFunction(member) : undefined;
      if (parsed === undefined) return invalidTemplate(`the function '${namespace}.${name}' must have an 'output'`);
      functions.set(`${namespace}.${name}`.toLowerCase(), parsed);
    }
  }
  return functions;
}

function parseFunction(member: JsonObject): UserFunction | undefined {
  const output = member['output'];
  if (!isJsonObject(output) || output['value'] === undefined) return undefined;
  const parameters = Array.isArray(member['parameters']) ? (member['parameters'] as readonly Json[]) : [];
  const names = parameters.map((parameter) => (isJsonObject(parameter) ? String(parameter['name']) : ''));
  return { parameters: names, value: output['value'] };
}
