import { BoundedMap } from './bounded-map.ts';

/** A pure function of a text, with its last `limit` answers remembered. Texts longer than `maxLength` are worked out anew. */
export function rememberTexts<Value>(
  work: (text: string) => Value,
  { limit, maxLength }: { readonly limit: number; readonly maxLength: number },
): (text: string) => Value {
  const answers = new BoundedMap<string, { readonly value: Value }>(limit);
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known.value;
    const value = work(text);
    if (text.length <= maxLength) answers.set(text, { value });
    return value;
  };
}

/** A pure function of an object that never changes, worked out once for as long as the object lives. */
export function rememberObjects<Key extends object, Value>(work: (key: Key) => Value): (key: Key) => Value {
  const answers = new WeakMap<Key, { readonly value: Value }>();
  return (key) => {
    const known = answers.get(key);
    if (known !== undefined) return known.value;
    const value = work(key);
    answers.set(key, { value });
    return value;
  };
}
