/**
 * Writes a number by .NET's format strings, in the invariant culture: the standard ones of integers and decimals (`N0`, `D4`, `F2`,
 * `X`, `P`, `G`) and pictures of digits (`0000`, `#,##0.00`). Undefined for any other.
 * @see Microsoft Learn, .NET, "Standard numeric format strings" and "Custom numeric format strings"
 */
export function formatNumber(value: number, form: string): string | undefined {
  const standard = /^([A-Za-z])(\d{0,2})$/.exec(form);
  if (form === '') return String(value);
  if (standard !== null) {
    const write = writers[(standard[1] ?? '').toUpperCase()];
    return write?.(value, standard[2] === '' ? undefined : Number(standard[2]), standard[1] ?? '');
  }
  const picture = /^([#0,]*)(?:\.([#0]*))?$/.exec(form);
  return picture === null ? undefined : drawn(value, picture[1] ?? '', picture[2] ?? '');
}

type Writer = (value: number, precision: number | undefined, letter: string) => string | undefined;

const writers: Readonly<Record<string, Writer>> = {
  D: (value, precision = 0) =>
    Number.isInteger(value) ? signed(value, String(Math.abs(value)).padStart(precision, '0')) : undefined,
  F: (value, precision = 2) => value.toFixed(precision),
  G: (value) => String(value),
  N: (value, precision = 2) => signed(value, grouped(Math.abs(value).toFixed(precision))),
  P: (value, precision = 2) => `${signed(value, grouped((Math.abs(value) * 100).toFixed(precision)))} %`,
  X: (value, precision = 0, letter) => {
    if (!Number.isInteger(value)) return undefined;
    const digits = BigInt.asUintN(64, BigInt(value)).toString(16).padStart(precision, '0');
    return letter === 'X' ? digits.toUpperCase() : digits;
  },
};

function signed(value: number, digits: string): string {
  return value < 0 && /[1-9]/.test(digits) ? `-${digits}` : digits;
}

function grouped(digits: string): string {
  const [whole = '', fraction] = digits.split('.');
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}

/** A picture: as many digits as it has zeros at least, and as many decimals as it has places at most. */
function drawn(value: number, whole: string, fraction: string): string {
  const [digits = '', decimals = ''] = Math.abs(value).toFixed(Math.min(fraction.length, 20)).split('.');
  const least = whole.replace(/[^0]/g, '').length;
  const padded = (least === 0 && digits === '0' ? '' : digits).padStart(least, '0');
  const shown =
    decimals.slice(0, fraction.lastIndexOf('0') + 1) + decimals.slice(fraction.lastIndexOf('0') + 1).replace(/0+$/, '');
  const text = `${whole.includes(',') ? grouped(padded) : padded}${shown === '' ? '' : `.${shown}`}`;
  return signed(value, text);
}
