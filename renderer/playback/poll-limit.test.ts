import { expect, it } from 'vitest';
import type { PlaylistAnswer, PlaylistRequest } from '../../shared/gateway/gateway-exchange.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { PollLimit } from './poll-limit.ts';

const LIST = '/sites/north/cam1/live.m3u8';

function limited(answerOf = (count: number): PlaylistAnswer => ({ kind: 'text', text: `list ${count}` })) {
  const clock = new VirtualClock();
  const sent: PlaylistRequest[] = [];
  const limit = new PollLimit(
    {
      playlist: async (request) => {
        sent.push(request);
        return answerOf(sent.length);
      },
    },
    clock,
  );
  const ask = (pathname = LIST, site = 'north') =>
    limit.playlist({ site, pathname, requestId: 'r', deadlineMs: 1000 });
  return { clock, sent, ask };
}

it('requests a playlist from a site at most 4 times a second, and answers further requests with the latest answer', async () => {
  const { clock, sent, ask } = limited();
  for (let times = 0; times < 4; times += 1) await ask();
  expect(await ask()).toEqual({ kind: 'text', text: 'list 4' });
  await clock.advance(1000);
  await ask();
  expect(sent).toHaveLength(4);
  await clock.advance(200);
  expect(await ask()).toEqual({ kind: 'text', text: 'list 5' });
});

it('counts each playlist of each site separately', async () => {
  const { sent, ask } = limited();
  for (let times = 0; times < 5; times += 1) await ask();
  await ask('/sites/north/cam2/live.m3u8');
  await ask(LIST, 'north-2');
  expect(sent).toHaveLength(6);
});

it('lets blocking requests through', async () => {
  const { sent, ask } = limited();
  for (let msn = 0; msn < 9; msn += 1) await ask(`${LIST}?_HLS_msn=${msn}&_HLS_part=0`);
  expect(sent).toHaveLength(9);
});

it('sends a request where there is no earlier answer', async () => {
  const { sent, ask } = limited(() => ({ kind: 'failed', status: 0, reason: 'cancelled', words: null }));
  for (let times = 0; times < 6; times += 1) await ask();
  expect(sent).toHaveLength(6);
});

it('repeats a failure like any other answer', async () => {
  const refused: PlaylistAnswer = { kind: 'failed', status: 404, reason: null, words: null };
  const { sent, ask } = limited(() => refused);
  for (let times = 0; times < 4; times += 1) await ask();
  expect(await ask()).toEqual(refused);
  expect(sent).toHaveLength(4);
});
