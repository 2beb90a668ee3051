/** Unusable options or configuration: the usual code of command-line programs for them. */
export const EXIT_USAGE = 2;
/** Anything else that stops Holdfast from starting. */
export const EXIT_FAILURE = 1;
/** Asks the keeper for another start (`EX_TEMPFAIL` of sysexits.h). */
export const EXIT_START_AGAIN = 75;
