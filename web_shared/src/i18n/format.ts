/** Numbers with their units, as a language writes them. */

const BYTE_UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** Return a number of bytes with three digits that count, in powers of 1000: "1.23 GB". */
export function bytes(count: number, tag: string): string {
  const power = count < 1000 ? 0 : Math.floor(Math.log10(count) / 3);
  const step = Math.min(power, BYTE_UNITS.length - 1);
  return new Intl.NumberFormat(tag, {
    style: "unit",
    unit: BYTE_UNITS[step] ?? "byte",
    unitDisplay: step ? "short" : "long",
    maximumSignificantDigits: 3,
  }).format(count / 1000 ** step);
}

/** Return a length of time with the symbols of SI: "840 ms", "1.24 s". */
export function duration(ms: number, tag: string): string {
  const inSeconds = Math.round(ms) >= 1000;
  const number = inSeconds ? decimal(ms / 1000, 2, tag) : decimal(ms, 0, tag);
  return `${number}\u00a0${inSeconds ? "s" : "ms"}`;
}

/** Return a number with so many digits after the point. */
export function decimal(value: number, digits: number, tag: string): string {
  return new Intl.NumberFormat(tag, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}
