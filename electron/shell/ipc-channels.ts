/** The one channel of requests and the one of events: a request's or event's name is its first argument. */
export const REQUEST_CHANNEL = 'holdfast:request';
export const EVENT_CHANNEL = 'holdfast:event';
