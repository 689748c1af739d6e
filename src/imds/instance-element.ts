import type { ApiVersion } from './api-versions.ts';
import { introducedIn } from './instance-fields.ts';

/** An element of the instance document. Every primitive is a string, numbers and booleans too; what is absent is `""`. */
export type Element = string | readonly Element[] | Branch;

/** A named group of elements. */
export interface Branch {
  readonly [name: string]: Element;
}

/** The document without what its api-version does not have yet. */
export function asOf(version: ApiVersion, element: Element, path = ''): Element {
  if (typeof element === 'string') return element;
  if (isArray(element)) return element.map((item) => asOf(version, item, path));
  const visible: Record<string, Element> = {};
  for (const [name, child] of Object.entries(element)) {
    const childPath = path === '' ? name : `${path}/${name}`;
    if ((introducedIn[childPath] ?? version) <= version) visible[name] = asOf(version, child, childPath);
  }
  return visible;
}

/** The element at a path of names (in any letter case) and array indexes; undefined where there is none. */
export function findElement(root: Element, path: readonly string[]): Element | undefined {
  let element: Element | undefined = root;
  for (const step of path) {
    if (element === undefined || typeof element === 'string') return undefined;
    element = isArray(element) ? itemAt(element, step) : childNamed(element, step);
  }
  return element;
}

/** Text form: a leaf's value; otherwise the names below it, one a line, a `/` after those that have names below in turn. */
export function formatText(element: Element): string {
  if (typeof element === 'string') return element;
  return Object.entries(element)
    .map(([name, child]) => (typeof child === 'string' ? name : `${name}/`))
    .join('\n');
}

function itemAt(items: readonly Element[], step: string): Element | undefined {
  return /^(0|[1-9]\d{0,5})$/.test(step) ? items[Number(step)] : undefined;
}

function childNamed(branch: Branch, step: string): Element | undefined {
  const name = Object.keys(branch).find((key) => key.toLowerCase() === step.toLowerCase());
  return name === undefined ? undefined : branch[name];
}

function isArray(element: Element): element is readonly Element[] {
  return Array.isArray(element);
}
