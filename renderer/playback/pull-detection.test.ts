import { describe, expect, it } from 'vitest';
import { PullDetection } from './pull-detection.ts';

describe('what drives a stream', () => {
  it('is the stream itself where its edge moves though no media was fetched', () => {
    const pull = new PullDetection();
    pull.noteUnmoved();
    pull.noteMoved(false);
    expect(pull.isSelfDriven).toBe(true);
  });

  it('is not told by moves while media is fetched, however many pieces a look takes', () => {
    const pull = new PullDetection();
    pull.noteFetching(true);
    pull.noteMoved(false);
    pull.noteMoved(false);
    pull.noteUnmoved();
    pull.noteMoved(false);
    pull.noteFetching(false);
    pull.noteMoved(false);
    expect(pull.isKnown).toBe(false);
    pull.noteUnmoved();
    pull.noteMoved(false);
    expect(pull.isSelfDriven).toBe(true);
  });

  it('is the fetching where an edge that stood moves with it, twice', () => {
    const pull = new PullDetection();
    for (let time = 0; time < 2; time += 1) {
      pull.noteUnmoved();
      pull.noteFetching(true);
      pull.noteFetching(false);
      pull.noteMoved(true);
    }
    expect(pull.isPullDriven).toBe(true);
  });
});
