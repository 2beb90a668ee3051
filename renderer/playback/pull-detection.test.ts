import { describe, expect, it } from 'vitest';
import { PullDetection } from './pull-detection.ts';

describe('a stream', () => {
  it('is self-driven where its edge moves though no media was fetched', () => {
    const pull = new PullDetection();
    pull.noteUnmoved(0);
    pull.noteMoved(false, 500);
    expect(pull.isSelfDriven).toBe(true);
  });

  it('is not judged by moves while media is fetched, however many pieces a check takes', () => {
    const pull = new PullDetection();
    pull.noteFetching(true, 0);
    pull.noteMoved(false, 100);
    pull.noteMoved(false, 200);
    pull.noteUnmoved(300);
    pull.noteMoved(false, 400);
    pull.noteFetching(false, 500);
    pull.noteMoved(false, 600);
    expect(pull.isKnown).toBe(false);
    pull.noteUnmoved(700);
    pull.noteMoved(false, 800);
    expect(pull.isSelfDriven).toBe(true);
  });

  it('is not judged by an unmoved edge in an answer that was requested before the fetch ended', () => {
    const pull = new PullDetection();
    pull.noteFetching(true, 0);
    pull.noteFetching(false, 500);
    pull.noteUnmoved(400);
    pull.noteMoved(false, 600);
    expect(pull.isKnown).toBe(false);
  });

  it('is pull-driven where a stalled edge moves with a fetch, twice', () => {
    const pull = new PullDetection();
    for (let nowMs = 0; nowMs < 2000; nowMs += 1000) {
      pull.noteUnmoved(nowMs);
      pull.noteFetching(true, nowMs + 100);
      pull.noteFetching(false, nowMs + 200);
      pull.noteMoved(true, nowMs + 300);
    }
    expect(pull.isPullDriven).toBe(true);
  });
});
