/**
 * Deadline of the first answer of a stream that is not proven alive, ms: a source that is started on demand needs 2 to 4 s, and
 * some servers hold the answer back until there is media.
 */
export const FIRST_ANSWER_MS = 10_000;
