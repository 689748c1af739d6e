/** A path template taken apart: fixed words in their canonical spelling, and parameters. */
export interface Template {
  /** Whether it begins with `{scope}`: any scope may stand before it. */
  readonly scoped: boolean;
  readonly parts: readonly TemplatePart[];
}

/** One segment of a template. */
export type TemplatePart = { readonly word: string } | { readonly param: string };

/** Parses a template such as `/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}`. */
export function parseTemplate(path: string): Template {
  const parts = path
    .split('/')
    .filter((segment) => segment !== '')
    .map(parsePart);
  const [first] = parts;
  const scoped = first !== undefined && 'param' in first && first.param === 'scope';
  return { scoped, parts: scoped ? parts.slice(1) : parts };
}

function parsePart(segment: string): TemplatePart {
  const param = /^\{(.+)\}$/.exec(segment)?.[1];
  return param === undefined ? { word: segment } : { param };
}

/** The template's path with the parameters' values in place; `{scope}` is a whole path. */
export function fillTemplate(path: string, params: Readonly<Record<string, string>>): string {
  const filled = path.replace(/\{([^}]+)\}/g, (_, name: string) => params[name] ?? '');
  return `/${filled
    .split('/')
    .filter((segment) => segment !== '')
    .join('/')}`;
}
