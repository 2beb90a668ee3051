import type { Draft } from './draft.ts';
import { search, whileHolding } from './search.ts';
import { whileShowing } from './showing.ts';
import { whileSwitching } from './switching.ts';

/**
 * Runs the rules until none changes anything. Each pass starts or ends a player, so the bound is never reached.
 * @throws Error if it is
 */
export function decide(draft: Draft): void {
  for (let pass = 0; pass < 4 * (draft.streams.length + 1); pass += 1) if (!decideOnce(draft)) return;
  throw new Error(`the selector does not settle in phase "${draft.phase.kind}"`);
}

/** @returns whether anything was decided, so that the rules have to be run again */
function decideOnce(draft: Draft): boolean {
  const { phase } = draft;
  switch (phase.kind) {
    case 'starting':
      return search(draft, phase);
    case 'showing':
      return whileShowing(draft, phase);
    case 'switching':
      return whileSwitching(draft, phase);
    case 'holding':
      return whileHolding(draft, phase);
    case 'suspended':
      return false;
  }
}
