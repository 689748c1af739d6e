import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { evaluateString } from '../../../../src/core/template/expression/evaluate.ts';
import { vectors } from './vectors.ts';

const bare = { function: () => undefined };

for (const [document, table] of Object.entries(vectors)) {
  describe(`the examples of ${document}`, () => {
    for (const [expression, value] of table) {
      it(expression, () => {
        assert.deepEqual(evaluateString(`[${expression}]`, bare), { value });
      });
    }
  });
}
