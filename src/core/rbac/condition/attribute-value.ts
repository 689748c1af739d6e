import type { AccessFacts, Attributes, AttributeValue } from '../access-facts.ts';
import type { AttributeNode } from './syntax.ts';

/** What is certain not to be there, as against what is not known (undefined). */
export const absent = Symbol('absent');

/** The value of an attribute, as the facts of a request have it. */
export type ReadAttribute = (facts: AccessFacts | undefined) => AttributeValue | typeof absent | undefined;

const unknown: ReadAttribute = () => undefined;

/** Of an actor and a machine a token says all there is to say. */
const told = (read: (facts: AccessFacts) => AttributeValue | undefined): ReadAttribute => {
  return (facts) => facts && (read(facts) ?? (facts.callerUnknown ? undefined : absent));
};

const own: Readonly<Record<string, ReadAttribute>> = {
  '@Environment[utcnow]': (facts) => facts?.now,
  '@Environment[postern/machine:resourceid]': told((facts) => facts.machineResourceId),
  '@Principal[postern/actor:username]': told((facts) => facts.actor?.userName),
  // An actor whose number is not known has one all the same.
  '@Principal[postern/actor:uid]': (facts) =>
    facts?.actor === undefined ? told(() => undefined)(facts) : facts.actor.uid,
};

/** How an attribute is read. Those of data services and networks are never known. */
export function readerOf({ source, name }: AttributeNode): ReadAttribute {
  const folded = name.toLowerCase();
  if (source === 'Request') return (facts) => valueIn(facts?.request, folded);
  if (source === 'Resource') return (facts) => valueIn(facts?.resource, folded);
  return own[`@${source}[${folded}]`] ?? unknown;
}

/** Attributes that are given are given whole; where none are, the request has none that are played, and nothing is certain. */
function valueIn(attributes: Attributes | undefined, folded: string): AttributeValue | undefined {
  return attributes?.[folded];
}
