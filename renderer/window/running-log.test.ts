import { beforeEach, describe, expect, it } from 'vitest';
import { type LogTopic, logLinesSchema } from '../../shared/running-log.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import type { HostGateway } from '../playback/transport.ts';
import { RunningLog } from './running-log.ts';

const PROOF = { type: 'proof', streamId: 'north/main', channel: 'playlist' } as const;
const REQUEST = {
  site: 'north',
  pathname: '/sites/north/gate.m3u8?token=hunter2',
  requestId: 'a',
  deadlineMs: 1000,
};

let clock: VirtualClock;
let printed: string[];

beforeEach(() => {
  clock = new VirtualClock();
  printed = [];
});

function logThatPrints(...topics: LogTopic[]): RunningLog {
  const print = async (lines: string[]): Promise<void> => {
    printed.push(...logLinesSchema.parse(lines));
  };
  return new RunningLog({ clock, printed: topics, print });
}

const gateway: HostGateway = {
  playlist: async ({ pathname }) =>
    pathname.includes('gone')
      ? { kind: 'failed', status: 404, reason: null, words: null }
      : { kind: 'text', text: '#EXTM3U' },
  media: async () => {
    throw new Error('the bridge is closed');
  },
  cancel: () => {},
};

describe('the last minute of a window', () => {
  it('has what its tiles observed and commanded, in order', () => {
    const log = logThatPrints();
    log.step(3, PROOF, [{ type: 'dispose-player', playerId: 7 }]);
    expect(log.lastMinute()).toEqual([
      expect.stringMatching(/Z tile 3: proof \{"streamId":"north\/main","channel":"playlist"\}$/),
      expect.stringMatching(/Z tile 3: dispose-player \{"playerId":7\}$/),
    ]);
  });

  it('has an observation of every beat only where something follows from it', () => {
    const log = logThatPrints();
    log.step(1, { type: 'tick', localHour: 12 }, []);
    expect(log.lastMinute()).toEqual([]);
    log.step(1, { type: 'tick', localHour: 12 }, [{ type: 'go-live', playerId: 1 }]);
    expect(log.lastMinute()).toHaveLength(2);
  });

  it('has requests with what came of them, and no value of a query', async () => {
    const log = logThatPrints();
    const logged = log.ofGateway(gateway);
    expect(await logged.playlist(REQUEST)).toEqual({ kind: 'text', text: '#EXTM3U' });
    await logged.playlist({ ...REQUEST, pathname: '/sites/north/gone.m3u8;jsessionid=hunter2' });
    const media = { ...REQUEST, firstByteMs: 1000, range: null, expects: 'media' as const };
    await expect(logged.media(media)).rejects.toThrow('the bridge is closed');
    expect(log.lastMinute()).toEqual([
      expect.stringMatching(/ gateway: playlist \/sites\/north\/gate\.m3u8\?…: 7 characters, 0 ms$/),
      expect.stringMatching(/ gateway: playlist \/sites\/north\/gone\.m3u8;…: status 404, 0 ms$/),
      expect.stringMatching(/ gateway: media \/sites\/north\/gate\.m3u8\?…: the host did not answer, 0 ms$/),
    ]);
  });

  it('has nothing older, and not more than the memory allows', async () => {
    const log = logThatPrints();
    log.step(1, PROOF, []);
    await clock.advance(60_001);
    log.step(2, PROOF, []);
    expect(log.lastMinute()).toHaveLength(1);
    for (let count = 0; count < 1000; count += 1) log.step(3, PROOF, []);
    log.step(4, PROOF, []);
    expect(log.lastMinute()).toHaveLength(300);
    expect(log.lastMinute().at(-1)).toContain(' tile 4: ');
  });
});

describe('what is printed', () => {
  it('is nothing by default', async () => {
    const log = logThatPrints();
    log.step(1, PROOF, []);
    await clock.advance(1000);
    expect(printed).toEqual([]);
  });

  it('are the lines of the topics that were asked for', async () => {
    const log = logThatPrints('gateway');
    log.step(1, PROOF, []);
    await log.ofGateway(gateway).playlist(REQUEST);
    await clock.advance(1000);
    expect(printed).toEqual([expect.stringContaining(' gateway: playlist ')]);
  });

  it('is bounded, and says how many lines are left out', async () => {
    const log = logThatPrints('tile');
    for (let count = 0; count < 5000; count += 1) log.step(1, PROOF, []);
    await clock.advance(250);
    expect(printed).toHaveLength(200);
    expect(printed.at(-1)).toBe('3000 lines are left out');
    await clock.advance(10_000);
    expect(printed).toHaveLength(2001);
  });
});
