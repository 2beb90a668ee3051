/** A figure in a report; what was not measured is a dash. */
export function inUnits(value: number | null, digits = 0): string {
  return value === null ? '–' : value.toFixed(digits).replace('-', '−');
}

/** The same of a difference. */
export function withSign(value: number | null, digits = 0): string {
  const words = inUnits(value, digits);
  return value === null || words.startsWith('−') ? words : `+${words}`;
}

/** The same of a large count, its thousands apart. */
export function inThousands(value: number | null): string {
  return inUnits(value).replace(/\B(?=(\d{3})+$)/g, ' ');
}
