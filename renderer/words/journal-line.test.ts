import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../shared/journal/journal-entry.ts';
import {
  type JournalNames,
  journalDetail,
  journalWords,
  matchesFilter,
  shortTimeWords,
  timeWords,
} from './journal-line.ts';

const names: JournalNames = {
  sites: [
    { id: 'main', name: 'Main' },
    { id: 'north', name: 'Backup' },
  ],
  cameras: [{ id: 'c3', number: 3, name: 'Gate' }],
};
const change: Extract<JournalEntry, { kind: 'change' }> = {
  kind: 'change',
  time: '2031-04-09T12:03:12.345Z',
  view: 'Wall',
  tile: 3,
  camera: 'c3',
  from: 'main/sub',
  to: 'north/sub',
  cause: 'refused',
  firstEvidenceAt: '2031-04-09T12:03:12.300Z',
  firstFrameAt: '2031-04-09T12:03:12.400Z',
  gapMs: 66.7,
  jumpMs: 40,
};

describe('journalWords', () => {
  it('describes a change with its cause and its gap', () => {
    expect(journalWords(change, names)).toBe(
      'Camera 3 Gate: Main to Backup, Main refused the connection, gap 67 ms',
    );
  });

  it('names the site that was returned to at a failback', () => {
    const back = { ...change, from: 'north/sub', to: 'main/sub', cause: 'failback' };
    expect(journalWords(back, names)).toBe(
      'Camera 3 Gate: Backup to Main, Main is back and was found healthy, gap 67 ms',
    );
  });

  it('has no gap and no cause at the start', () => {
    const start = { ...change, from: null, cause: 'start', gapMs: null, jumpMs: null };
    expect(journalWords(start, names)).toBe('Camera 3 Gate: starts on Backup');
  });

  it('does not call a change of quality a change of site', () => {
    const quality = { ...change, from: 'main/sub', to: 'main/main', cause: 'quality', gapMs: null };
    expect(journalWords(quality, names)).toBe(
      'Camera 3 Gate: stays on Main, Main was asked for the quality that fits the tile',
    );
  });

  it('describes a stream that another player shows now', () => {
    const renewed = { ...change, from: 'main/sub', to: 'main/sub', cause: 'renewed' };
    expect(journalWords(renewed, names)).toMatch(/^Camera 3 Gate: Main was opened anew, gap /);
  });

  it('describes a stream that was lost and is shown again because no other could take over', () => {
    const again = { ...change, from: 'main/sub', to: 'main/sub', gapMs: 23_000 };
    expect(journalWords(again, names)).toBe(
      'Camera 3 Gate: back on Main, Main refused the connection, gap 23.0 s',
    );
  });

  it('mentions moments that were lost or repeated', () => {
    expect(journalWords({ ...change, jumpMs: 1200 }, names)).toMatch(/, 1200 ms skipped$/);
    expect(journalWords({ ...change, jumpMs: -1200 }, names)).toMatch(/, 1200 ms repeated$/);
  });

  it('describes an alarm with its stream', () => {
    const alarm: JournalEntry = {
      kind: 'alarm',
      time: change.time,
      view: 'Wall',
      tile: 3,
      camera: 'c3',
      alarm: 'no-redundancy',
      stream: 'north/sub',
      cause: 'timeout',
    };
    expect(journalWords(alarm, names)).toBe('Camera 3 Gate: no redundancy, Backup did not answer');
    expect(journalWords({ ...alarm, alarm: 'black', cause: 'black' }, names)).toBe(
      'Camera 3 Gate: black picture from Backup',
    );
    expect(journalWords({ ...alarm, alarm: 'video-restored', cause: null }, names)).toBe(
      'Camera 3 Gate: video is back from Backup',
    );
  });

  describe('of an alarm that comes and goes', () => {
    const local = (hour: number, minute: number): string => new Date(2031, 3, 9, hour, minute).toISOString();
    type ComesAndGoes = NonNullable<Extract<JournalEntry, { kind: 'alarm' }>['comesAndGoes']>;
    const comesAndGoes: Omit<ComesAndGoes, 'phase'> = {
      since: local(14, 3),
      until: null,
      turns: 19,
      stoodMs: 34_000,
    };
    const line = (
      alarm: 'no-redundancy' | 'redundancy-restored',
      how: Pick<ComesAndGoes, 'phase'> & Partial<ComesAndGoes>,
    ): string =>
      journalWords(
        {
          kind: 'alarm',
          time: local(14, 20),
          view: 'Wall',
          tile: 3,
          camera: 'c3',
          alarm,
          stream: 'north/sub',
          cause: alarm === 'no-redundancy' ? 'timeout' : null,
          comesAndGoes: { ...comesAndGoes, ...how },
        },
        names,
      );

    it('says since when, once that begins', () => {
      expect(line('no-redundancy', { phase: 'begins' })).toBe(
        'Camera 3 Gate: redundancy comes and goes, Backup did not answer, since 14:03:00',
      );
    });

    it('says how often and for how long, once it is over', () => {
      expect(line('redundancy-restored', { phase: 'ends', until: local(14, 15) })).toBe(
        'Camera 3 Gate: redundancy is back, comes and goes no longer: 19 times from 14:03:00 to 14:15:00, 00:00:34 in all',
      );
    });

    it('says the same where it now lasts', () => {
      expect(line('no-redundancy', { phase: 'lasts' })).toBe(
        'Camera 3 Gate: no redundancy, Backup did not answer, lasts now: 19 times since 14:03:00, 00:00:34 in all',
      );
    });

    it('has the date where it began on another day', () => {
      const since = new Date(2031, 3, 8, 23, 59).toISOString();
      expect(line('no-redundancy', { phase: 'begins', since })).toContain('since 2031-04-08 23:59:00');
    });
  });

  it('says who acknowledged which alarm', () => {
    const acknowledged: JournalEntry = {
      kind: 'acknowledged',
      time: change.time,
      view: 'Wall',
      tile: 3,
      camera: 'c3',
      alarm: 'changed-over',
      by: 'anna',
    };
    expect(journalWords(acknowledged, names)).toBe(
      'Camera 3 Gate: alarm "changed over" acknowledged by anna',
    );
  });

  it('describes events of the whole window', () => {
    const alarm: JournalEntry = {
      kind: 'alarm',
      time: change.time,
      view: null,
      tile: null,
      camera: null,
      alarm: 'local-network',
      stream: null,
      cause: null,
    };
    expect(journalWords(alarm, names)).toBe('All cameras: no site answers this workstation');
    expect(journalWords({ ...alarm, alarm: 'host-blocked' }, names)).toBe(
      'All cameras: held up by this workstation',
    );
    expect(journalWords({ ...alarm, cause: 'no-network' }, names)).toBe(
      'All cameras: no site answers this workstation, which is in no network',
    );
  });

  it('shows the ids when the configuration does not have the names any more', () => {
    expect(journalWords(change, { sites: [], cameras: [] })).toBe(
      'Camera c3: main to north, main refused the connection, gap 67 ms',
    );
  });
});

describe('timeWords', () => {
  const local = new Date(2031, 3, 9, 14, 3, 12);

  it('is the local time of day', () => {
    expect(timeWords(local.toISOString(), new Date(2031, 3, 9, 23, 0, 0))).toBe('14:03:12');
  });

  it('has the date before it when that is not today', () => {
    expect(timeWords(local.toISOString(), new Date(2031, 3, 10, 0, 0, 1))).toBe('2031-04-09 14:03:12');
  });

  it('is short where there is no room for both: the time of today, or the date of another day', () => {
    expect(shortTimeWords(local.toISOString(), new Date(2031, 3, 9, 23, 0, 0))).toBe('14:03:12');
    expect(shortTimeWords(local.toISOString(), new Date(2031, 3, 10, 0, 0, 1))).toBe('2031-04-09');
  });
});

describe('matchesFilter', () => {
  it('requires every word, whatever the case and the order', () => {
    expect(matchesFilter('Camera 3 Gate: Main to Backup', 'backup GATE')).toBe(true);
    expect(matchesFilter('Camera 3 Gate: Main to Backup', 'gate north')).toBe(false);
    expect(matchesFilter('Camera 3 Gate', '  ')).toBe(true);
  });
});

it('has the gateway’s words as the detail of a line', () => {
  expect(journalDetail({ ...change, words: 'the certificate of Main has expired' })).toBe(
    'The certificate of Main has expired',
  );
  expect(journalDetail(change)).toBeNull();
});
