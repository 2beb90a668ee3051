/** Unusable options or configuration: what the caller of a command-line program expects for them. */
export const EXIT_USAGE = 2;
/** Anything else that keeps Holdfast from starting. */
export const EXIT_FAILURE = 1;
