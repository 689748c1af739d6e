// The language of Azure role assignment conditions, version 2.0: what a condition is made of, once it is parsed.
// @see https://learn.microsoft.com/azure/role-based-access-control/conditions-format

import type { Literal } from './literal.ts';
import type { Operator } from './operators.ts';

/** Where an attribute comes from, in the spelling of the language. */
export const attributeSources = ['Environment', 'Principal', 'Request', 'Resource'] as const;

/** One of those. */
export type AttributeSource = (typeof attributeSources)[number];

/** An attribute: `@Request[Microsoft.Authorization/roleAssignments:PrincipalId]`. */
export interface AttributeNode {
  readonly kind: 'attribute';
  readonly source: AttributeSource;
  /** As it was written. */
  readonly name: string;
}

/** One value, or several in braces. */
export interface LiteralNode {
  readonly kind: 'literal';
  readonly values: readonly Literal[];
}

/** One side of a comparison. */
export type Operand = AttributeNode | LiteralNode;

/** How the values of two sides are held against each other: any or all of the left against any or all of the right. */
export type Quantifier = 'ForAnyOfAnyValues' | 'ForAllOfAnyValues' | 'ForAnyOfAllValues' | 'ForAllOfAllValues';

/** A condition, or a part of one. */
export type Expression =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Expression[] }
  | { readonly kind: 'not'; readonly part: Expression }
  | { readonly kind: 'actionMatches' | 'subOperationMatches'; readonly pattern: string }
  | { readonly kind: 'exists'; readonly attribute: AttributeNode }
  | {
      readonly kind: 'compare';
      readonly left: Operand;
      readonly quantifier?: Quantifier;
      readonly operator: Operator;
      readonly right: Operand;
    };

/** What is wrong with a condition, and where: the position counts characters from 1. */
export interface Flaw {
  readonly position: number;
  readonly flaw: string;
}

/** Tells a flaw from what was read. */
export function isFlaw(value: object): value is Flaw {
  return 'flaw' in value;
}
