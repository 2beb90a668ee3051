/**
 * Interval of a standby's checks at a site with `watch: "light"`. Milliseconds. A server that starts its sources on
 * demand ends them 10 to 60 s after the last reader, so they do not run for most of this time.
 */
export const LIGHT_CHECK_MS = 180_000;

/** The consequences of watching a site lightly, in sentences. */
export function lightWatchWords(): string {
  const minutes = LIGHT_CHECK_MS / 60_000;
  return (
    `Standbys at this site are checked every ${minutes} minutes: a loss of redundancy is noticed up to ${minutes} minutes later. ` +
    'The quality that is not shown is not watched, and no hot standby plays from it.'
  );
}
