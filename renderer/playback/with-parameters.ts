/** Adds parameters to the query of an address. Undefined and empty ones are left out. */
export function withParameters(
  pathname: string,
  values: Readonly<Record<string, string | number | undefined>>,
): string {
  const written = Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${value}`);
  return written.length === 0
    ? pathname
    : `${pathname}${pathname.includes('?') ? '&' : '?'}${written.join('&')}`;
}
