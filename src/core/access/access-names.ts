import { type Refusal, refuse } from '../refusal.ts';

const longestName = 256;

/** Characters that no user, group or program name can have, or that hide what a name says. */
const unsafe = /[\p{C}\p{Zl}\p{Zp}]/u;

/** Refuses `InvalidParameter` for a name of a rule that is empty, too long or has characters that cannot be seen. */
export function judgeRuleName(value: string, target: string): Refusal | undefined {
  if (value.trim() === '') return wrong(target, value, 'a name is needed');
  return judgeText(value, target);
}

/** Refuses a user or group name that no passwd or group file can hold, or that looks like a pattern: names are compared whole. */
export function judgeAccountName(value: string, target: string): Refusal | undefined {
  const faulty = judgeRuleName(value, target);
  if (faulty !== undefined) return faulty;
  if (value !== value.trim()) return wrong(target, value, 'it begins or ends with a space');
  const odd = /[:/*?,]/.exec(value)?.[0];
  return odd === undefined ? undefined : wrong(target, value, `a name of a user or group has no '${odd}'`);
}

/** Refuses a program that is not named by its whole path. */
export function judgeExePath(value: string, target: string): Refusal | undefined {
  const faulty = judgeText(value, target) ?? judgePattern(value, target);
  if (faulty !== undefined) return faulty;
  const isAbsolute = value.startsWith('/') || /^[A-Za-z]:\\/.test(value);
  if (!isAbsolute) return wrong(target, value, "it must be the program's whole path, such as '/usr/bin/python3.11'");
  const isPlain = !/(?:^|[\\/])\.{1,2}(?:[\\/]|$)|\/\//.test(value) && !value.endsWith('/');
  return isPlain ? undefined : wrong(target, value, "a path of a program has no '.', '..' or empty part");
}

/** Refuses a process name that is none: the last word of a program's path. */
export function judgeProcessName(value: string, target: string): Refusal | undefined {
  const faulty = judgeRuleName(value, target) ?? judgePattern(value, target);
  if (faulty !== undefined) return faulty;
  return value.includes('/') ? wrong(target, value, "it has a '/': a path belongs in 'exePath'") : undefined;
}

/**
 * Folds a privilege's path to the form in which requests are compared. Refuses what can match no request: a query, a pattern, dot
 * segments, broken percent-encoding.
 */
export function foldPrivilegePath(value: string, target: string): string | Refusal {
  const decoded = decode(value);
  if (decoded === undefined) return wrong(target, value, 'it is not percent-encoded UTF-8');
  if (!decoded.startsWith('/')) return wrong(target, value, "it must begin with '/'");
  if (/[?#]/.test(decoded)) return wrong(target, value, "a query belongs in 'queryParameters'");
  const faulty = judgeText(decoded, target, longestPath) ?? judgePattern(decoded, target);
  if (faulty !== undefined) return faulty;
  const segments = decoded.split('/').filter((segment) => segment !== '');
  if (segments.some((segment) => segment === '.' || segment === '..')) {
    return wrong(target, value, "'.' and '..' are never part of a request's path");
  }
  return `/${segments.join('/')}`.toLowerCase();
}

const longestPath = 2048;

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function judgePattern(value: string, target: string): Refusal | undefined {
  const sign = /[*?[\]{}]/.exec(value)?.[0];
  return sign === undefined
    ? undefined
    : wrong(target, value, `it has a '${sign}', and is compared as it stands: patterns are not supported`);
}

function judgeText(value: string, target: string, longest: number = longestName * 16): Refusal | undefined {
  if (value.length > longest) return wrong(target, `${value.slice(0, 40)}…`, `it is longer than ${longest} characters`);
  return unsafe.test(value) ? wrong(target, value, 'it has a character that cannot be seen') : undefined;
}

/** 400 for a value of a profile. */
export function wrong(target: string, value: string, why: string): Refusal {
  return refuse('InvalidParameter', `The value ${JSON.stringify(value)} of '${target}' is not valid: ${why}.`, {
    target,
  });
}
