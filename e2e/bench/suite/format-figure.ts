/** A figure in a report; `null`, which was not measured, is a dash. */
export function inUnits(value: number | null, digits = 0): string {
  return value === null ? '–' : value.toFixed(digits).replace('-', '−');
}

/** A difference in a report, with its sign. */
export function withSign(value: number | null, digits = 0): string {
  const words = inUnits(value, digits);
  return value === null || words.startsWith('−') ? words : `+${words}`;
}

/** A large count in a report, with a space between its thousands. */
export function inThousands(value: number | null): string {
  return inUnits(value).replace(/\B(?=(\d{3})+$)/g, ' ');
}
