/** A figure in a report; what was not measured is a dash. */
export function inUnits(value: number | null, digits = 0): string {
  return value === null ? '–' : value.toFixed(digits);
}
