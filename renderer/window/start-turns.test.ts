import { describe, expect, it, vi } from 'vitest';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { StartTurns } from './start-turns.ts';

function starting(count: number, neededAtMs: (index: number) => number = () => 0) {
  const clock = new VirtualClock();
  const turns = new StartTurns(clock, 1);
  const begun: number[] = [];
  const taken = Array.from({ length: count }, (_, index) =>
    turns.take(neededAtMs(index), () => begun.push(index)),
  );
  return { clock, turns, begun, taken };
}

describe('StartTurns', () => {
  it('starts two players at once for each core, and the next one when one of them presents', () => {
    const { begun, taken } = starting(4);
    expect(begun).toEqual([0, 1]);
    taken[1]?.end();
    expect(begun).toEqual([0, 1, 2]);
    taken[1]?.end();
    expect(begun).toEqual([0, 1, 2]);
  });

  it('continues with the other tiles when the start of one fails', () => {
    const thrown: (() => void)[] = [];
    vi.stubGlobal('queueMicrotask', (callback: () => void) => thrown.push(callback));
    const { turns, begun, taken } = starting(2);
    turns.take(0, () => {
      throw new Error('this player cannot be made');
    });
    turns.take(1, () => begun.push(3));
    for (const turn of taken) turn.end();
    expect(begun).toEqual([0, 1, 3]);
    expect(thrown).toHaveLength(1);
    expect(thrown[0]).toThrow('this player cannot be made');
  });

  it('waits for no player longer than for its share of a core', async () => {
    const { begun, clock } = starting(6);
    await clock.advance(250);
    expect(begun).toEqual([0, 1, 2, 3]);
    await clock.advance(250);
    expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('waits longer on a starved machine, where each running start delays the others', async () => {
    const clock = new VirtualClock();
    const turns = new StartTurns(clock, 1);
    turns.setMachine('starved');
    const begun: number[] = [];
    const [first, second] = [0, 1, 2, 3].map((index) => turns.take(0, () => begun.push(index)));
    first?.progress();
    second?.progress();
    await clock.advance(1999);
    expect(begun).toEqual([0, 1]);
    await clock.advance(1);
    expect(begun).toEqual([0, 1, 2, 3]);
  });

  it('does not wait longer there for a player that gets nothing from the network', async () => {
    const { begun, clock, turns } = starting(3);
    turns.setMachine('starved');
    await clock.advance(250);
    expect(begun).toEqual([0, 1, 2]);
  });

  it('starts the player first whose picture is needed first', async () => {
    const { begun, clock } = starting(5, (index) => 100 - index);
    await clock.advance(500);
    expect(begun).toEqual([0, 1, 4, 3, 2]);
  });

  it('does not start a player that gave up waiting', async () => {
    const { begun, clock, taken } = starting(4);
    taken[2]?.end();
    await clock.advance(1000);
    expect(begun).toEqual([0, 1, 3]);
  });

  it('leaves no timer behind', async () => {
    const { clock, taken } = starting(3);
    for (const turn of taken) turn.end();
    expect(clock.pending()).toBe(0);
  });
});
