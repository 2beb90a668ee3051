import { describe, expect, it } from 'vitest';
import { initialState } from '../selector.ts';
import { planned, policiesWith } from '../testing/fake-tile.ts';
import { Draft } from './draft.ts';

function draftOf(seed: number, spreadMs: number): Draft {
  return new Draft(initialState(planned(['north/main']), policiesWith({ spreadMs }), seed, 0), 0);
}

describe('a share of the random spread (rule 8)', () => {
  it('is drawn by mulberry32, another one each time', () => {
    const draft = draftOf(1, 2 ** 32);
    // The first values of the published generator for the seed 1, to the last bit.
    const published = [0.6270739405881613, 0.002735721180215478, 0.5274470399599522];
    for (const value of published) expect(draft.drawSpread()).toBe(value * 2 ** 32);
  });

  it('goes on where the tile left off', () => {
    const draft = draftOf(1, 10_000);
    draft.drawSpread();
    expect(new Draft(draft.state(), 0).drawSpread()).toBe(draft.drawSpread());
  });
});
