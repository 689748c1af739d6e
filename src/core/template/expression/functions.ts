import { named } from './define.ts';
import type { TemplateFunction } from './evaluated.ts';
import { logicalForms, logicalFunctions } from './functions/logical.ts';
import type { Form } from './run.ts';

/** The functions that choose which arguments are evaluated, by name in lower case. */
export const forms: ReadonlyMap<string, Form> = new Map([...logicalForms]);

/** The functions that need nothing but their values, by name in lower case, grouped as Azure's documents group them. */
export const functions: ReadonlyMap<string, TemplateFunction> = new Map([...named(logicalFunctions)]);
