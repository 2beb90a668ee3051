/** Unusable options or configuration: what the caller of a command-line program expects for them. */
export const EXIT_USAGE = 2;
/** Anything else that keeps Holdfast from starting. */
export const EXIT_FAILURE = 1;
/** Asks who watches over the process to start it again (`EX_TEMPFAIL` of sysexits.h). */
export const EXIT_START_AGAIN = 75;
/** Environment variable, set by whoever watches over the process and knows {@link EXIT_START_AGAIN}. */
export const KEEPER_VARIABLE = 'HOLDFAST_KEEPER';
