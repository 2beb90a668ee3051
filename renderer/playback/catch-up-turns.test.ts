import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { CatchUpTurns } from './catch-up-turns.ts';

let clock: VirtualClock;
let turns: CatchUpTurns;
const players = ['gate', 'quay', 'hall', 'platform'].map((name) => ({ name }));

beforeEach(() => {
  clock = new VirtualClock();
  turns = new CatchUpTurns(clock, 1);
});

/** The rates that the players get when all of them want this one. */
function rates(wanted: number): number[] {
  return players.map((player) => turns.rate(player, wanted));
}

describe('CatchUpTurns', () => {
  it('lets every picture catch up while the machine has time', () => {
    expect(rates(1.1)).toEqual([1.1, 1.1, 1.1, 1.1]);
  });

  it('gives two turns for each core of a starved machine, and the next turn when a player has caught up', () => {
    turns.setMachine('starved');
    expect(rates(1.25)).toEqual([1.25, 1.25, 1, 1]);
    expect(rates(1.1)).toEqual([1.1, 1.1, 1, 1]);
    expect(turns.rate(players[0] ?? {}, 1)).toBe(1);
    expect(players.slice(1).map((player) => turns.rate(player, 1.1))).toEqual([1.1, 1.1, 1]);
  });

  it('lets every player play slower, so that its picture does not run dry', () => {
    turns.setMachine('starved');
    expect(rates(0.9)).toEqual([0.9, 0.9, 0.9, 0.9]);
  });

  it('does not wait for a picture that never catches up, nor for a disposed player', async () => {
    turns.setMachine('starved');
    rates(1.1);
    await clock.advance(9999);
    expect(rates(1.1)).toEqual([1.1, 1.1, 1, 1]);
    await clock.advance(1);
    // The first two players lost their turns when the other two asked.
    expect(rates(1.1)).toEqual([1.1, 1.1, 1.1, 1.1]);
    expect(rates(1.1)).toEqual([1, 1, 1.1, 1.1]);
    turns.release(players[3] ?? {});
    expect(rates(1.1)).toEqual([1.1, 1, 1.1, 1]);
  });

  it('limits nobody any more once the machine has time again', () => {
    turns.setMachine('starved');
    rates(1.1);
    turns.setMachine('free');
    expect(rates(1.1)).toEqual([1.1, 1.1, 1.1, 1.1]);
  });
});
