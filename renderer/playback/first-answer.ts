/**
 * Deadline for the first answer of a stream that is not proven alive, ms. A source that is started on demand needs 2 to 4 s,
 * and some servers delay the answer until there is media.
 */
export const FIRST_ANSWER_MS = 10_000;
