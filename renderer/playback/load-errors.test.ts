import { type ErrorData, ErrorDetails, ErrorTypes } from 'hls.js';
import { describe, expect, it } from 'vitest';
import { REASON_HEADER } from '../../shared/gateway/gateway-contract.ts';
import { failureCause, namedCause, networkCause } from './load-errors.ts';

function load(details: ErrorDetails, more: object = {}): ErrorData {
  return { type: ErrorTypes.NETWORK_ERROR, details, fatal: true, error: new Error(), ...more } as ErrorData;
}

const answered = (code: number, reason?: string) => ({
  response: { code },
  networkDetails: new Response(null, { headers: reason === undefined ? {} : { [REASON_HEADER]: reason } }),
});

describe('the evidence of a failed load', () => {
  it.each([
    ['time-out', 'timeout', load(ErrorDetails.KEY_LOAD_TIMEOUT)],
    ['playlist without segments', 'no-media-yet', load(ErrorDetails.LEVEL_EMPTY_ERROR)],
    ['empty answer', 'no-media-yet', load(ErrorDetails.LEVEL_PARSING_ERROR, { response: { data: '\n' } })],
    ['page', 'not-a-playlist', load(ErrorDetails.MANIFEST_PARSING_ERROR, { response: { data: '<html>' } })],
    ['key that is refused', 'http-403', load(ErrorDetails.KEY_LOAD_ERROR, answered(403))],
    ['page for a key', 'not-media', load(ErrorDetails.KEY_LOAD_ERROR, answered(502, 'not-media'))],
    ['key of a site that is gone', 'refused', load(ErrorDetails.KEY_LOAD_ERROR, answered(502, 'refused'))],
    ['key that broke off', 'reset', load(ErrorDetails.KEY_LOAD_ERROR, answered(0))],
    ['segment that is missing', 'http-404', load(ErrorDetails.FRAG_LOAD_ERROR, answered(404))],
    ['load that was given up', null, load(ErrorDetails.INTERNAL_ABORTED)],
  ] as const)('a %s: %s', (_words, cause, data) => expect(networkCause(data)).toBe(cause));
});

describe('the evidence of a failed key', () => {
  it.each([
    ['http-403', 'no-key'],
    ['not-media', 'no-key'],
    ['not-allowed', 'no-key'],
    ['refused', 'refused'],
    ['reset', 'reset'],
    ['no-login', 'no-login'],
  ] as const)('%s: %s', (answer, cause) =>
    expect(namedCause(load(ErrorDetails.KEY_LOAD_ERROR), answer)).toBe(cause),
  );

  it('is not that of media', () =>
    expect(namedCause(load(ErrorDetails.FRAG_LOAD_ERROR), 'http-403')).toBe('http-403'));
});

describe('why a player cannot go on', () => {
  const refused = (mimeType: string): ErrorData =>
    load(ErrorDetails.BUFFER_ADD_CODEC_ERROR, { type: ErrorTypes.MEDIA_ERROR, mimeType });
  const isH264 = (contentType: string): boolean => contentType.includes('avc1');

  it.each([
    ['codec-h265', refused('video/mp4;codecs=hvc1.1.6.L120.90')],
    ['codec-av1', refused('video/mp4;codecs=av01.0.04M.08')],
    ['codec-vp9', refused('video/mp4;codecs=vp09.00.10.08')],
    ['codec-mpeg4', refused('video/mp4;codecs=mp4v.20.9')],
    ['codec-mpeg2', refused('video/mp4; codecs="mp4v.61"')],
    ['decode', refused('video/mp4;codecs=avc1.64001f')],
    ['decode', refused('video/mp4;codecs=')],
    ['decode', load(ErrorDetails.MEDIA_SOURCE_REQUIRES_RESET, { type: ErrorTypes.MEDIA_ERROR })],
    ['encryption', load(ErrorDetails.KEY_SYSTEM_NO_KEYS, { type: ErrorTypes.KEY_SYSTEM_ERROR })],
  ] as const)('%s', (cause, data) => expect(failureCause(data, isH264)).toBe(cause));
});
