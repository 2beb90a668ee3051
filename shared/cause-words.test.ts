import { describe, expect, it } from 'vitest';
import type { ChangeCause } from './cause.ts';
import { causeSubject, causeWords, FIXED_CAUSES } from './cause-words.ts';
import { VIDEO_CODEC_NAMES, type VideoCodec } from './media/video-format.ts';

/** The table's type requires every fixed cause of cause.ts; the others are made from a codec or a status. */
const CAUSES: readonly ChangeCause[] = [
  ...FIXED_CAUSES,
  ...(Object.keys(VIDEO_CODEC_NAMES) as VideoCodec[]).map((codec) => `codec-${codec}` as const),
  ...([400, 401, 403, 404, 410, 500, 502, 503, 504] as const).map((status) => `http-${status}` as const),
];

/** Words that only fit one site as their subject. */
const OF_ONE = /^(?:is|was|has|needs|sends|encrypts)\b|\bits\b/;

describe('causeWords', () => {
  it.each(CAUSES)('has words of its own for %s, of one site and of several', (cause) => {
    for (const subjects of ['one', 'several'] as const) {
      const words = causeWords(cause, subjects);
      expect(words).not.toContain('failed (');
      expect(words).toMatch(/^[a-z].*[^.]$/);
    }
    expect(causeWords(cause, 'one')).toBe(causeWords(cause));
  });

  it('says no two causes in the same words', () => {
    for (const subjects of ['one', 'several'] as const)
      expect(new Set(CAUSES.map((cause) => causeWords(cause, subjects))).size).toBe(CAUSES.length);
  });

  it.each(CAUSES)(
    'has different words by %s for several sites and for one, where grammar requires it',
    (cause) => {
      const [one, several] = [causeWords(cause, 'one'), causeWords(cause, 'several')];
      expect(several).not.toMatch(OF_ONE);
      if (OF_ONE.test(one)) expect(several).not.toBe(one);
    },
  );

  it.each([
    ['not-allowed', 'were asked for addresses outside of their bases'],
    ['no-media-yet', 'have no media yet'],
    ['codec-h265', 'send H.265, which this workstation cannot show'],
    ['no-key', 'did not give the keys to their encrypted video'],
    ['timeout', 'did not answer'],
  ] as const)('says of several sites by %s: %s', (cause, words) => {
    expect(causeWords(cause, 'several')).toBe(words);
  });

  it('names the status of an HTTP answer', () => {
    expect(causeWords('http-503')).toBe('answered 503');
  });

  it('has words for 401 and 403', () => {
    expect(causeWords('http-401')).toBe('refused access (401)');
    expect(causeWords('http-403')).toBe('refused access (403)');
  });

  it('repeats a cause that it does not know', () => {
    expect(causeWords('solar-flare')).toBe('failed (solar-flare)');
    expect(causeWords('codec-crystal')).toBe('failed (codec-crystal)');
  });

  it('does not take an inherited property for a cause', () => {
    expect(causeWords('constructor')).toBe('failed (constructor)');
  });
});

describe('causeSubject', () => {
  it('is the site that was left, for evidence and maintenance', () => {
    expect(causeSubject('refused')).toBe('from');
    expect(causeSubject('http-503')).toBe('from');
    expect(causeSubject('maintenance')).toBe('from');
  });

  it('is the site changed to, when that one is the reason', () => {
    expect(causeSubject('failback')).toBe('to');
    expect(causeSubject('manual')).toBe('to');
  });
});
