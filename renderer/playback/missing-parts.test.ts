import type { Part } from 'hls.js';
import { describe, expect, it } from 'vitest';
import { MissingParts } from './missing-parts.ts';

/** `7.0i` is an independent first part of segment 7; a `+` marks a loaded part. */
function part(words: string): Part {
  const [, sn, index, independent, loaded] = /^(\d+)\.(\d+)(i?)(\+?)$/.exec(words) ?? [];
  const start = Number(sn) + Number(index) / 4;
  const elementaryStreams: Part['elementaryStreams'] = { audio: null, video: null, audiovideo: null };
  if (loaded === '+') elementaryStreams.audiovideo = { startPTS: 0, endPTS: 0, startDTS: 0, endDTS: 0 };
  return {
    fragment: { sn: Number(sn) },
    index: Number(index),
    independent: independent === 'i',
    start,
    end: start + 0.25,
    elementaryStreams,
    get loaded() {
      return elementaryStreams.audiovideo !== null || elementaryStreams.video !== null;
    },
  } as unknown as Part;
}

const listed = (words: string): Part[] => words.split(' ').map(part);
/** Numbers of the parts that will not be loaded, including those that were loaded. */
const done = (parts: readonly Part[]): string[] =>
  parts.filter(({ loaded }) => loaded).map(({ fragment, index }) => `${fragment.sn}.${index}`);

describe('MissingParts', () => {
  it.each([
    ['in the middle', '7.1', ['7.1', '7.2']],
    ['at the beginning', '7.0i', ['7.0', '7.1', '7.2']],
    ['at the end', '7.2', ['7.2']],
  ])(
    'skips a part %s of a segment, and the parts that cannot be decoded without it',
    (_words, lost, left) => {
      const missing = new MissingParts();
      const parts = listed('7.0i 7.1 7.2 8.0i 8.1');
      missing.add(part(lost));
      missing.leaveOut(parts);
      expect(done(parts)).toEqual(left);
    },
  );

  it('skips several parts in a row', () => {
    const missing = new MissingParts();
    for (const lost of ['7.2', '8.0i']) missing.add(part(lost));
    const parts = listed('7.0i 7.1 7.2 8.0i 8.1 9.0i');
    missing.leaveOut(parts);
    expect(done(parts)).toEqual(['7.2', '8.0', '8.1']);
  });

  it('takes all parts for independent where none is marked so', () => {
    const missing = new MissingParts();
    missing.add(part('7.1'));
    const parts = listed('7.0 7.1 7.2 8.0');
    missing.leaveOut(parts);
    expect(done(parts)).toEqual(['7.1']);
  });

  it('remembers them in later playlists, and does not change loaded parts', () => {
    const missing = new MissingParts();
    missing.add(part('7.1'));
    missing.leaveOut(listed('7.0i+ 7.1'));
    const parts = listed('7.0i+ 7.1 7.2 8.0i+ 8.1');
    missing.leaveOut(parts);
    expect(done(parts)).toEqual(['7.0', '7.1', '7.2', '8.0']);
  });

  it('states their place in the stream', () => {
    const missing = new MissingParts();
    const [only] = listed('7.1i');
    missing.add(part('7.1i'));
    missing.leaveOut([only as Part]);
    expect(only?.elementaryStreams.video).toMatchObject({ startPTS: 7.25, endPTS: 7.5 });
  });

  it('forgets parts that are not listed any more: their number may come again after a restart', () => {
    const missing = new MissingParts();
    missing.add(part('7.1'));
    missing.leaveOut(listed('8.0i 8.1'));
    const parts = listed('7.0i 7.1');
    missing.leaveOut(parts);
    expect(done(parts)).toEqual([]);
  });
});
