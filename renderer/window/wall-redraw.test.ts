import { beforeEach, expect, it, vi } from 'vitest';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { WallRedraw } from './wall-redraw.ts';

let clock: VirtualClock;
let redraw: WallRedraw;
let drawn: string[];
const gate = (): number => drawn.push(`gate ${clock.now()}`);
const quay = (): number => drawn.push(`quay ${clock.now()}`);

beforeEach(() => {
  clock = new VirtualClock();
  redraw = new WallRedraw(clock);
  drawn = [];
});

it('redraws the first change of a quiet wall soon, but not within the call that changed it', async () => {
  redraw.request(gate);
  expect(drawn).toEqual([]);
  await clock.advance(0);
  expect(drawn).toEqual(['gate 0']);
});

it('redraws later changes of several tiles together, and each tile once', async () => {
  redraw.request(gate);
  await clock.advance(20);
  redraw.request(quay);
  redraw.request(gate);
  redraw.request(quay);
  await clock.advance(1000);
  expect(drawn).toEqual(['gate 0', 'quay 200', 'gate 200']);
  redraw.request(quay);
  await clock.advance(0);
  expect(drawn.at(-1)).toBe('quay 1020');
});

it('redraws the other tiles when one fails', async () => {
  const thrown: (() => void)[] = [];
  vi.stubGlobal('queueMicrotask', (callback: () => void) => thrown.push(callback));
  redraw.request(() => {
    throw new Error('this tile failed');
  });
  redraw.request(quay);
  await clock.advance(0);
  expect(drawn).toEqual(['quay 0']);
  expect(thrown).toHaveLength(1);
});
