import { type Refusal, refuse } from '../../core/refusal.ts';

const forbidden = /[<>%&:\\?/#*\p{Cc}]/u;

/**
 * A name by the rules that hold for every type (each has narrower ones, which are not judged here). Refuses
 * `InvalidResourceName`.
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
 */
export function judgeResourceName(name: string): Refusal | undefined {
  if (name.length <= 260 && !forbidden.test(name) && !/[. ]$/.test(name)) return undefined;
  return refuse(
    'InvalidResourceName',
    `Resource name '${name.slice(0, 260)}' is invalid. It has 1 to 260 characters, none of '<,>,%,&,:,\\,?,/,#,*' and no control characters, and does not end with a period or a space.`,
  );
}
