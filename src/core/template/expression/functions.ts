import { named } from './define.ts';
import type { TemplateFunction } from './evaluated.ts';
import { arrayFunctions } from './functions/array.ts';
import { cidrFunctions } from './functions/cidr.ts';
import { comparisonFunctions } from './functions/comparison.ts';
import { dateFunctions } from './functions/date.ts';
import { encodingFunctions } from './functions/encoding.ts';
import { lambdaForms } from './functions/lambda.ts';
import { logicalForms, logicalFunctions } from './functions/logical.ts';
import { numericFunctions } from './functions/numeric.ts';
import { objectFunctions } from './functions/object.ts';
import { stringFunctions } from './functions/string.ts';
import type { Form } from './run.ts';

/** The functions that choose which arguments are evaluated, by name in lower case. */
export const forms: ReadonlyMap<string, Form> = new Map([...logicalForms, ...lambdaForms]);

/** The functions that need nothing but their values, by name in lower case, grouped as Azure's documents group them. */
export const functions: ReadonlyMap<string, TemplateFunction> = new Map(
  [
    arrayFunctions,
    cidrFunctions,
    comparisonFunctions,
    dateFunctions,
    encodingFunctions,
    logicalFunctions,
    numericFunctions,
    objectFunctions,
    stringFunctions,
  ].flatMap(named),
);
