import { describe, expect, it } from 'vitest';
import { KeyFrameStart } from './key-frame-start.ts';

const segments = (from: number, to: number, durationS = 2) =>
  Array.from({ length: to - from + 1 }, (_, index) => ({
    sn: from + index,
    start: (from + index) * durationS,
    duration: durationS,
  }));
const [third, fourth] = segments(3, 4);
if (third === undefined || fourth === undefined) throw new Error('has no segments');

/** The segments that are tried, in order, until none of the playlist is left. */
function looked(beginAt: number, list: ReturnType<typeof segments>): number[] {
  const start = new KeyFrameStart();
  const order: number[] = [];
  let placeS: number | null = (list.find(({ sn }) => sn === beginAt)?.start ?? 0) + 0.5;
  while (placeS !== null) {
    const atS: number = placeS;
    const segment = list.findLast(({ start }) => start <= atS);
    if (segment === undefined) throw new Error(`nothing at ${placeS} s`);
    order.push(segment.sn);
    placeS = start.withheld(segment, 0, list);
  }
  return order;
}

describe('the segment to start with', () => {
  it('is searched for backwards from the picture’s place, and after that in newer segments', () => {
    expect(looked(7, segments(3, 9))).toEqual([7, 6, 5, 4, 3, 8, 9]);
  });

  it('is no further back than is worth it, however long the playlist', () => {
    expect(looked(2000, segments(0, 2001))).toHaveLength(14);
    expect(looked(2000, segments(0, 2001, 10))).toEqual([2000, 1999, 1998, 1997, 2001]);
  });

  it('is a new one where the playlist has no key frame, and no segment is tried twice', () => {
    const start = new KeyFrameStart();
    expect(start.withheld(fourth, 9, segments(3, 4))).toBe(7);
    expect(start.withheld(third, 9, segments(3, 4))).toBeNull();
    expect(start.listed(segments(3, 4))).toBeNull();
    expect(start.listed(segments(4, 5))).toBe(11);
  });

  it('is the next one with a key frame behind a hole, and the picture continues there as soon as it has come', () => {
    const start = new KeyFrameStart();
    expect(start.withheld(third, null, segments(2, 4))).toBe(9);
    expect(start.withheld(fourth, null, segments(2, 4))).toBeNull();
    expect(start.listed(segments(2, 5))).toBe(11);
    expect([start.goTo(5, 1), start.mayBegin(0), start.isThere(5)]).toEqual([null, true, true]);
  });

  it('is not searched for because a playlist comes while another segment is loaded', () => {
    const start = new KeyFrameStart();
    start.withheld(fourth, 9, segments(3, 4));
    expect(start.listed(segments(3, 5))).toBeNull();
  });
});

describe('the picture’s place', () => {
  const withheld = (): KeyFrameStart => {
    const start = new KeyFrameStart();
    start.withheld(fourth, 9, segments(3, 4));
    return start;
  };

  it('is reached once, with media from before it to behind it', () => {
    const start = withheld();
    expect(start.goTo(6, 2)).toBeNull();
    expect(start.leadS(6)).toBe(3);
    expect(start.goTo(6.1, 3.9)).toBe(9);
    expect(start.leadS(6.1)).toBe(0);
    expect(start.goTo(6.2, 3.9)).toBeNull();
  });

  it('makes earlier pictures old until it has been reached', () => {
    const start = withheld();
    expect(start.isThere(6)).toBe(false);
    start.goTo(6.1, 3.9);
    expect(start.isThere(6.1)).toBe(false);
    expect(start.isThere(8.96)).toBe(true);
    expect(start.isThere(6)).toBe(true);
  });

  it('is given up where the media begins behind it', () => {
    const start = withheld();
    expect(start.goTo(10, 2)).toBeNull();
    expect(start.goTo(8, 2)).toBeNull();
    expect(start.isThere(8)).toBe(true);
  });

  it('keeps a cushion of a segment where the key frame has just come', () => {
    const start = withheld();
    start.withheld(third, 9, segments(3, 4));
    expect(start.listed(segments(3, 5))).toBe(11);
    expect(start.mayBegin(0.5)).toBe(false);
    expect(start.goTo(11.5, 0.5)).toBeNull();
    expect(start.isThere(11.5)).toBe(false);
    expect(start.mayBegin(2.4)).toBe(true);
    expect(start.isThere(11.5)).toBe(true);
    expect(start.mayBegin(0.1)).toBe(true);
  });

  it('is the beginning of the media while no segment was withheld', () => {
    const start = new KeyFrameStart();
    expect(start.goTo(6, 10)).toBeNull();
    expect(start.isThere(6)).toBe(true);
    expect(start.leadS(6)).toBe(0);
  });
});
