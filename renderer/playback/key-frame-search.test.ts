import { expect, it } from 'vitest';
import { KeyFrameSearch } from './key-frame-search.ts';

const segments = (from: number, to: number, durationS = 2) =>
  Array.from({ length: to - from + 1 }, (_, index) => ({
    sn: from + index,
    start: (from + index) * durationS,
    duration: durationS,
  }));

/** The segments that are looked into, in order, until none of the playlist is left. */
function looked(beginAt: number, list: ReturnType<typeof segments>): number[] {
  const search = new KeyFrameSearch();
  const order: number[] = [];
  let at = list.find(({ sn }) => sn === beginAt) ?? null;
  while (at !== null) {
    order.push(at.sn);
    at = search.next(at, list);
  }
  return order;
}

it('goes back from where the player wants to be, and after that to what is newer', () => {
  expect(looked(7, segments(3, 9))).toEqual([7, 6, 5, 4, 3, 8, 9]);
});

it('goes no further back than is worth it, however long the playlist', () => {
  expect(looked(2000, segments(0, 2001))).toHaveLength(14);
  expect(looked(2000, segments(0, 2001, 10))).toEqual([2000, 1999, 1998, 1997, 2001]);
});

it('waits for new segments where the playlist has no key frame, and looks into none twice', () => {
  const search = new KeyFrameSearch();
  const [first, second] = segments(3, 4);
  if (first === undefined || second === undefined) throw new Error('has no segments');
  expect(search.next(second, segments(3, 4))).toMatchObject({ sn: 3 });
  expect(search.next(first, segments(3, 4))).toBeNull();
  expect(search.next(first, segments(3, 4))).toBeNull();
  expect(search.next(first, segments(4, 5))).toMatchObject({ sn: 5 });
});
