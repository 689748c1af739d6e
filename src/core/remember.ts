import { BoundedMap } from './bounded-map.ts';

/** A pure function of a text, with its last `limit` answers remembered. Texts longer than `maxLength` are worked out anew. */
export function rememberTexts<Value>(
  work: (text: string) => Value,
  { limit, maxLength }: { readonly limit: number; readonly maxLength: number },
): (text: string) => Value {
  const answers = new BoundedMap<string, Remembered<Value>>(limit);
  let last: Remembered<Value> | undefined;
  return (text) => {
    // The same long text again is told by comparing it, which is far less than hashing it.
    if (last?.text === text) return last.value;
    const answer = answers.get(text) ?? { text, value: work(text) };
    if (text.length > maxLength) return answer.value;
    answers.set(text, answer);
    last = answer;
    return answer.value;
  };
}

interface Remembered<Value> {
  readonly text: string;
  readonly value: Value;
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
