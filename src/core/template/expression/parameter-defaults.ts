import { refuse } from '../../refusal.ts';
import type { EpochMillis } from '../../time.ts';
import { fault, text, withOptional } from './define.ts';
import type { TemplateFunction } from './evaluated.ts';
import { formatDate } from './format-date.ts';

/** `utcNow([format])` at a time. Azure allows it in the default values of parameters alone, so an environment offers it only there. */
export function utcNow(now: EpochMillis): TemplateFunction {
  return withOptional(
    [],
    [text],
    (form = "yyyyMMdd'T'HHmmss'Z'") => formatDate(now, form) ?? fault(`the date format '${form}' is not valid`),
  )('utcNow');
}

/** `newGuid()`, which draws from `uuid`. Azure allows it in the default values of parameters alone, as above. */
export function newGuid(uuid: () => string): TemplateFunction {
  return withOptional([], [], () => uuid())('newGuid');
}

/** Refuses a function that a template uses where Azure does not allow it, in Azure's words. */
export function onlyInDefaults(name: 'utcNow' | 'newGuid'): TemplateFunction {
  const message = `The template function '${name}' is not expected at this location. Please see https://aka.ms/arm-functions for usage details.`;
  return () => refuse('InvalidTemplate', message);
}
