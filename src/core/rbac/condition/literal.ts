/** A value as it is written: a text in quotes, a GUID with or without, an integer, `true`, `false`. */
export type Literal = string | number | boolean;
