const PATTERN = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)([.,]\d+)?\s*(?:(Z)|([+-]\d\d):?(\d\d)?)?$/i;

/**
 * Reads EXT-X-PROGRAM-DATE-TIME into milliseconds since 1970, UTC; null if it is no date-time. A time zone may be without its colon
 * (`+0200`, as FFmpeg writes) or its minutes. A time without a zone counts as UTC, so that every workstation reads the same;
 * `Date.parse` would read it as local time.
 */
export function readProgramDateTime(text: string): number | null {
  const match = PATTERN.exec(text.trim());
  if (match === null) return null;
  const [, date, time, fraction = '', , hours, minutes = '00'] = match;
  const zone = hours === undefined ? 'Z' : `${hours}:${minutes}`;
  const wholeMs = Date.parse(`${date}T${time}${zone}`);
  if (Number.isNaN(wholeMs)) return null;
  return wholeMs + Math.round(Number(`0.${fraction.slice(1) || '0'}`) * 1e6) / 1000;
}

/** The text of EXT-X-PROGRAM-DATE-TIME, to the microsecond; null for a time that no `Date` can have. */
export function writeProgramDateTime(timeMs: number): string | null {
  const wholeMs = Math.floor(timeMs + 1 / 2000);
  if (!(Math.abs(wholeMs) <= 8.64e15)) return null;
  const microseconds = Math.min(999, Math.max(0, Math.round((timeMs - wholeMs) * 1000)));
  return new Date(wholeMs).toISOString().replace('Z', `${String(microseconds).padStart(3, '0')}Z`);
}
