// @vitest-environment happy-dom
import { within } from '@testing-library/react';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { useAlarms } from '../stores/alarms.ts';
import { useTileSummaries } from '../stores/tile-summaries.ts';
import { type Drawn, draw } from '../testing/draw.ts';
import {
  CONFIG,
  FIRST_SITE,
  SAMPLE_TILES,
  type SampleTile,
  sampleTile,
} from '../testing/tiles/sample-tiles.ts';
import { DrawnTile } from './tile.tsx';

const select = vi.fn();
const toggleAlone = vi.fn();
const returnToPreferred = vi.fn();

beforeEach(() => {
  for (const called of [select, toggleAlone, returnToPreferred]) called.mockClear();
});

function drawTile({ camera, snapshot, alarm }: SampleTile): Drawn & { readonly tile: HTMLElement } {
  useAlarms.getState().take(alarm === null ? [] : [alarm]);
  onTestFinished(() => useAlarms.getState().take([]));
  const drawn = draw(
    <DrawnTile
      config={CONFIG}
      camera={camera}
      tile={1}
      firstSite={FIRST_SITE}
      selected={false}
      inTabOrder
      select={select}
      toggleAlone={toggleAlone}
      snapshot={snapshot}
      stageRef={() => {}}
      returnToPreferred={returnToPreferred}
    />,
  );
  return { ...drawn, tile: drawn.getByRole('gridcell') };
}

/** What each state is called for who does not see it, and what is read in it, without its camera's name. */
const SEEN: Readonly<Record<string, readonly [name: string, seen: readonly string[]]>> = {
  starting: ['Camera 101 Main gate', ['Connecting to Main and Backup']],
  'no-picture-yet': [
    'Camera 101 Main gate, no video',
    [
      'No picture yet: Main sends H.265, which this workstation cannot show; Backup answered 503',
      'No video from any site',
      'no video 14:03:12',
      'No video',
    ],
  ],
  well: ['Camera 101 Main gate, on Main, live', ['LIVE', 'Main']],
  single: ['Camera 101 Main gate, on Main, live', ['LIVE', 'Main']],
  'thin-link': ['Camera 101 Main gate, on Main, live', ['LIVE', 'Main']],
  'no-time': ['Camera 101 Main gate, on Main, live', ['LIVE', 'Main']],
  switching: [
    'Camera 101 Main gate, on Main, live',
    ['Main did not answer: changing over to Backup', 'LIVE', 'Main'],
  ],
  backup: [
    'Camera 101 Main gate, on Backup, live, no redundancy',
    ['On Backup: Main did not answer 14:03:12', 'changed over to Backup 14:03:12', 'No redundancy', 'Backup'],
  ],
  returning: [
    'Camera 101 Main gate, on Backup, live',
    ['On Backup: Main is back, steady for 12 of 30 s', 'LIVE', 'Backup'],
  ],
  offer: [
    'Camera 101 Main gate, on Backup, live',
    ['On Backup: Main is back, steady for 45 s', 'Return to Main', 'Backup'],
  ],
  'changing-back': ['Camera 101 Main gate, on Backup, live', ['Returning to Main', 'Backup']],
  'was-lost': ['Camera 101 Main gate, on Main, live', ['changed over and back 14:03:12', 'LIVE', 'Main']],
  'no-redundancy': [
    'Camera 101 Main gate, on Main, live, no redundancy',
    ['No standby: Backup refused the connection', 'no redundancy 14:03:12', 'No redundancy', 'Main'],
  ],
  'comes-and-goes': [
    'Camera 101 Main gate, on Main, live, redundancy comes and goes',
    ['Standby comes and goes: 12 times since 13:40:00', 'Redundancy comes and goes', 'Main'],
  ],
  frozen: [
    'Camera 101 Main gate, on Main, frozen picture',
    ['Picture frozen since 14:03:12, Backup’s copy moves', 'Frozen picture', 'Main'],
  ],
  black: [
    'Camera 101 Main gate, on Main, black picture',
    ['Picture black since 14:03:12, Backup’s copy is not', 'Black picture', 'Main'],
  ],
  holding: [
    'Camera 101 Main gate, no video',
    ['No video: Main and Backup did not answer', 'last picture 00:01:23 ago', 'No video'],
  ],
  suspended: ['Camera 101 Main gate, on Main', ['Paused with this window', 'last picture 00:00:05 ago']],
  'held-up': ['Camera 101 Main gate, on Main', ['Held up by this workstation', 'last picture 00:00:04 ago']],
  long: [
    'Camera 999999 Loading bay of the northern distribution centre, ramp 14 to ramp 22, from above, on Backup, live, no redundancy',
    ['No redundancy', 'Backup'],
  ],
};

describe('a tile', () => {
  it.each(SAMPLE_TILES)('says what state it is in: $title', (sample) => {
    const [name, seen] = SEEN[sample.camera.id] ?? ['', []];
    const { tile } = drawTile(sample);
    expect(tile.getAttribute('aria-label')).toBe(name);
    for (const words of seen) expect(tile.textContent).toContain(words);
  });

  it.each(SAMPLE_TILES.filter(({ snapshot }) => !snapshot.live))('never says LIVE: $title', (sample) => {
    expect(within(drawTile(sample).tile).queryByText('LIVE')).toBeNull();
  });

  it.each(SAMPLE_TILES.filter(({ snapshot }) => !snapshot.hasPicture))(
    'says why it is dark: $title',
    (sample) => {
      const words = within(drawTile(sample).tile).getByTitle(sample.snapshot.words ?? '');
      expect(words.className).toContain('tile-message');
    },
  );

  it('says no site where there is no video: the badge would promise one', () => {
    const { tile } = drawTile(sampleTile('holding'));
    expect(within(tile).queryByText('Backup')).toBeNull();
    expect(within(tile).getByTitle('No video')).toBeTruthy();
  });

  it.each([
    ['was-lost', 1],
    ['returning', 0],
  ])('marks an alarm until somebody has acknowledged it: %s', (id, marks) => {
    const { tile } = drawTile(sampleTile(id));
    expect(within(tile).queryAllByText('Unacknowledged alarm:')).toHaveLength(marks);
  });
});

describe('the keyboard and the pointer', () => {
  it('select a tile by its focus', async () => {
    const { user } = drawTile(sampleTile('well'));
    await user.tab();
    expect(select).toHaveBeenCalledOnce();
  });

  it('show a tile alone by a double click, but not by one on a button', async () => {
    const { user, tile, getByRole } = drawTile(sampleTile('offer'));
    await user.dblClick(getByRole('button', { name: 'Return to Main' }));
    expect(toggleAlone).not.toHaveBeenCalled();
    await user.dblClick(tile);
    expect(toggleAlone).toHaveBeenCalledOnce();
  });

  it('take the offer to return', async () => {
    const { user, getByRole } = drawTile(sampleTile('offer'));
    getByRole('button', { name: 'Return to Main' }).focus();
    await user.keyboard('{Enter}');
    expect(returnToPreferred).toHaveBeenCalledOnce();
  });

  it('open the details and close them again', async () => {
    const { user, getByRole, findByRole, queryByRole } = drawTile(sampleTile('backup'));
    getByRole('button', { name: 'Details of camera 101' }).focus();
    await user.keyboard('{Enter}');
    const details = await findByRole('dialog');
    expect(
      within(details)
        .getAllByRole('listitem')
        .map(({ textContent }) => textContent),
    ).toEqual([
      'Mainmain streamstandbylostsince 14:03:12: did not answer',
      'Backupmain streamshownhealthyanswers, live edge moving',
    ]);
    await user.keyboard('{Escape}');
    expect(queryByRole('dialog')).toBeNull();
  });

  it.each([
    ['thin-link', 'sub-stream for now: this workstation’s link is too thin for the main stream'],
    ['no-time', 'some seconds for now: this workstation has no processor time for low latency'],
  ])('read in the details what the picture does not say: %s', async (id, words) => {
    const { user, getByRole, findByText } = drawTile(sampleTile(id));
    await user.click(getByRole('button', { name: 'Details of camera 101' }));
    expect(await findByText(words)).toBeTruthy();
  });
});

it('counts in the health strip for as long as the tile is there', () => {
  const { unmount } = drawTile(sampleTile('holding'));
  expect(useTileSummaries.getState().tiles.get(1)).toMatchObject({ tone: 'no-video' });
  unmount();
  expect(useTileSummaries.getState().tiles.size).toBe(0);
});
