import { beforeEach, expect, it } from 'vitest';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { SessionDoubt } from './session-doubt.ts';

let clock: VirtualClock;
let asked: number;
let doubt: SessionDoubt;
beforeEach(() => {
  clock = new VirtualClock();
  asked = 0;
  const session = { mayBeOver: (cause: string) => cause === 'http-401' };
  doubt = new SessionDoubt(session, clock, () => {
    asked += 1;
  });
});

it('excuses refused media until the playlist has come, which it requests once', () => {
  expect(doubt.excuses('http-401')).toBe(true);
  expect(doubt.excuses('http-401')).toBe(true);
  expect(asked).toBe(1);
});

it('excuses nothing that an ended session does not explain', () => {
  expect(doubt.excuses('http-503')).toBe(false);
  expect(asked).toBe(0);
});

it('waits 3 s for the playlist', async () => {
  doubt.excuses('http-401');
  await clock.advance(2999);
  expect(doubt.excuses('http-401')).toBe(true);
  await clock.advance(1);
  expect(doubt.excuses('http-401')).toBe(false);
});

it('takes a refusal right after a renewal for evidence, and excuses a later one', async () => {
  doubt.excuses('http-401');
  doubt.playlistCame();
  expect(doubt.excuses('http-401')).toBe(false);
  await clock.advance(10_000);
  expect(doubt.excuses('http-401')).toBe(true);
  expect(asked).toBe(2);
});
