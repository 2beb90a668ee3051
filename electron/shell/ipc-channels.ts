/** One channel for requests and one for events. The first argument is the name of the request or event. */
export const REQUEST_CHANNEL = 'holdfast:request';
export const EVENT_CHANNEL = 'holdfast:event';
