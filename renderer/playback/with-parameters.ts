/** An address with these behind what it has of a query. What is undefined or empty is left out. */
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
