import { describe, expect, it } from 'vitest';
import { KeyFrameRecord } from './key-frame-record.ts';

/** `K` is a 2 s segment with a key frame, `-` one without. */
function recorded(segments: string, record = new KeyFrameRecord(), from = 0): KeyFrameRecord {
  [...segments].forEach((letter, index) => {
    record.add(from + index, { durationMs: 2000, keyFrame: letter === 'K' });
  });
  return record;
}

describe('KeyFrameRecord', () => {
  it('says that a key frame is out of reach after 10 s without one', () => {
    expect(recorded('KK----').isBeyondReach(5)).toBe(false);
    expect(recorded('KK-----').isBeyondReach(6)).toBe(true);
  });

  it('allows 30 s for a stream whose interval is not known yet', () => {
    expect(recorded('K--------------').isBeyondReach(14)).toBe(false);
    expect(recorded('K---------------').isBeyondReach(15)).toBe(true);
  });

  it('judges a stream by its own interval, which may be longer', () => {
    const record = recorded('K-------K-------');
    expect(record.isBeyondReach(15)).toBe(false);
    recorded('-----', record, 16);
    expect(record.isBeyondReach(20)).toBe(true);
  });

  it('counts only media that was checked without a gap', () => {
    const record = recorded('-----');
    recorded('---', record, 6);
    expect(record.isBeyondReach(8)).toBe(false);
  });

  it('forgets everything about a stream that began anew', () => {
    const record = recorded('K------');
    record.clear();
    expect([record.knowsAny(), record.isBeyondReach(6), record.holdsKeyFrame(0)]).toEqual([
      false,
      false,
      undefined,
    ]);
  });
});
