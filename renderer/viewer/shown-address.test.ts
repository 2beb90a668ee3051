import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressOf, shownOf } from './shown-address.ts';

test('an address without a fragment contains nothing', () => {
  expect(shownOf('')).toEqual({ viewId: null, aloneTile: null });
});

test('names the view and the tile that covers it', () => {
  expect(addressOf({ viewId: 'gates', aloneTile: 3 })).toBe('#view=gates&alone=3');
});

test.each(['#alone=0', '#alone=-1', '#alone=100', '#alone=x', '#alone=', '#view=a&alone=1e1'])(
  'ignores a tile that cannot exist: %s',
  (fragment) => {
    expect(shownOf(fragment).aloneTile).toBeNull();
  },
);

test('reads what it wrote', () => {
  const shown = fc.record({
    viewId: fc.option(fc.string({ unit: 'grapheme' })),
    aloneTile: fc.option(fc.integer({ min: 1, max: 64 })),
  });
  fc.assert(
    fc.property(shown, (wanted) => {
      expect(shownOf(addressOf(wanted))).toEqual(wanted);
    }),
  );
});
