import { describe, expect, it } from 'vitest';
import type { AlarmReport } from '../../shared/alarms/alarm.ts';
import { type Config, configSchema } from '../../shared/config/config.ts';
import type { ChangeEntry } from '../../shared/journal/journal-entry.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { PageReports } from './page-reports.ts';

const HOUR_MS = 3_600_000;
const STARTED = Date.UTC(2031, 3, 9, 8, 0);

function config(camera = 'gate', siteIds = ['main', 'backup']): Config {
  return configSchema.parse({
    version: 1,
    sites: siteIds.map((id) => ({
      id,
      name: id,
      baseUrl: `http://127.0.0.1/${id}/`,
      mainPath: '{camera}/index.m3u8',
    })),
    cameras: [{ id: camera, number: 1, name: 'Gate' }],
    views: [{ id: 'wall', name: 'Wall', columns: 2, rows: 2, cells: [camera] }],
  });
}

/** A host that has run for ten hours. */
function host() {
  const clock = new VirtualClock();
  const reports = new PageReports({ clock, epochMs: () => STARTED + clock.now() });
  clock.tick(10 * HOUR_MS);
  reports.use(config());
  return reports;
}

const change: ChangeEntry = {
  kind: 'change',
  time: '2031-04-09T17:59:58.000Z',
  view: 'Wall',
  tile: 4,
  camera: 'gate',
  from: 'main/main',
  to: 'backup/main',
  cause: 'refused',
  firstEvidenceAt: '2031-04-09T17:59:57.500Z',
  firstFrameAt: '2031-04-09T17:59:58.040Z',
  gapMs: 67,
  jumpMs: null,
};
const alarm: AlarmReport = {
  transition: 'raised',
  alarm: 'no-video',
  time: '2031-04-09T17:59:58.000Z',
  place: { view: 'Wall', tile: 1, camera: 'gate' },
  stream: 'main/main',
  shown: null,
  cause: 'refused',
};
const NOW = '2031-04-09T18:00:00.000Z';

describe('a page’s report of a change', () => {
  it('stays unchanged where its page is honest', () => {
    expect(host().change(change)).toEqual(change);
    const first = { ...change, from: null, firstEvidenceAt: null };
    expect(host().change(first)).toEqual(first);
  });

  it('keeps the evidence against a site that was away all night', () => {
    const evidence = { ...change, firstEvidenceAt: '2031-04-09T08:30:00.000Z' };
    expect(host().change(evidence)).toEqual(evidence);
  });

  it('is dated to its arrival when its page was suspended for hours, with its evidence unchanged', () => {
    const late = {
      ...change,
      time: '2031-04-09T12:00:00.000Z',
      firstFrameAt: '2031-04-09T12:00:00.040Z',
      firstEvidenceAt: '2031-04-09T11:59:59.000Z',
      gapMs: 6 * HOUR_MS,
    };
    expect(host().change(late)).toEqual({ ...late, time: NOW, firstFrameAt: NOW });
  });

  it.each([
    ['the future', { time: '2031-04-09T18:00:01.000Z' }, { time: NOW, firstFrameAt: NOW }],
    ['last year', { time: '2030-04-09T17:59:58.000Z' }, { time: NOW, firstFrameAt: NOW }],
    [
      'a picture before its decision',
      { firstFrameAt: '2031-04-09T17:00:00.000Z' },
      { firstFrameAt: change.time },
    ],
    ['a picture in the future', { firstFrameAt: '2099-04-09T17:00:00.000Z' }, { firstFrameAt: NOW }],
    [
      'evidence after its decision',
      { firstEvidenceAt: '2031-04-09T17:59:59.000Z' },
      { firstEvidenceAt: change.time },
    ],
    [
      'evidence from before the host',
      { firstEvidenceAt: '1999-01-01T00:00:00.000Z' },
      { firstEvidenceAt: '2031-04-09T08:00:00.000Z' },
    ],
    ['an unheard-of year', { time: '0000-01-01T00:00:00.000Z' }, { time: NOW, firstFrameAt: NOW }],
  ])('cannot choose its own times: %s', (_what, reported, taken) => {
    expect(host().change({ ...change, ...reported })).toEqual({ ...change, ...reported, ...taken });
  });

  it.each([
    ['a camera', { camera: 'vault' }, 'the camera "vault" is not in the configuration'],
    ['a view', { view: 'Roof' }, 'the tile 4 of a view "Roof" is not in the configuration'],
    ['a tile', { tile: 5 }, 'the tile 5 of a view "Wall" is not in the configuration'],
    ['a site', { to: 'south/main' }, 'the stream "south/main" is not in the configuration'],
    ['a site left', { from: 'main' }, 'the stream "main" is not in the configuration'],
  ])('is refused where it names %s that is not configured', (_what, reported, words) => {
    expect(() => host().change({ ...change, ...reported })).toThrow(words);
  });

  it('may be about what was configured until just now', () => {
    const reports = host();
    reports.use(config('quay', ['north', 'south']));
    expect(reports.change(change)).toEqual(change);
    // An equal configuration is no change.
    const same = config('quay', ['north', 'south']);
    for (let times = 0; times < 20; times += 1) reports.use(same);
    expect(reports.change(change)).toEqual(change);
    for (let times = 0; times < 20; times += 1) reports.use(config('quay', ['north', 'south']));
    expect(() => reports.change(change)).toThrow('the camera "gate" is not in the configuration');
  });
});

describe('a page’s report of an alarm', () => {
  it('stays unchanged where its page is honest', () => {
    expect(host().alarm(alarm)).toEqual(alarm);
    const ofAll: AlarmReport = { ...alarm, alarm: 'local-network', place: null, stream: null };
    expect(host().alarm(ofAll)).toEqual(ofAll);
  });

  it('is dated by the host where its time is impossible', () => {
    expect(host().alarm({ ...alarm, time: '2031-04-09T18:00:10.000Z' })).toEqual({ ...alarm, time: NOW });
    expect(host().alarm({ ...alarm, time: '2031-04-09T10:00:00.000Z' })).toEqual({ ...alarm, time: NOW });
  });

  it('is refused where it names what is not configured', () => {
    const place = { view: 'Wall', tile: 9, camera: 'gate' };
    expect(() => host().alarm({ ...alarm, place })).toThrow('the tile 9 of a view "Wall"');
    expect(() => host().alarm({ ...alarm, stream: 'south/sub' })).toThrow('the stream "south/sub"');
    expect(() => host().alarm({ ...alarm, shown: 'south/sub' })).toThrow('the stream "south/sub"');
  });
});
