// @vitest-environment happy-dom
import { act, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useAlarms } from '../stores/alarms.ts';
import { useTileSummaries } from '../stores/tile-summaries.ts';
import { summarise } from '../stores/tile-summary.ts';
import { type Drawn, draw } from '../testing/draw.ts';
import { ALARMS, FIRST_SITE, sampleTile } from '../testing/tiles/sample-tiles.ts';
import { TopBar } from './top-bar.tsx';

const YARD = { id: 'yard', name: 'Yard', columns: 1, rows: 1, cells: [] };
const HALL = { id: 'hall', name: 'Hall', columns: 1, rows: 1, cells: [] };

const commands = {
  chooseView: vi.fn(),
  enterFullscreen: vi.fn(),
  openAlarms: vi.fn(),
  openJournal: vi.fn(),
  openSettings: vi.fn(),
  openAbout: vi.fn(),
};
beforeEach(() => {
  for (const command of Object.values(commands)) command.mockClear();
});
afterEach(() => {
  useAlarms.getState().take([]);
  for (const tile of useTileSummaries.getState().tiles.keys()) useTileSummaries.getState().forget(tile);
});

function drawBar(views = [YARD, HALL]): Drawn {
  return draw(<TopBar views={views} view={YARD} {...commands} />);
}

/** Tells the window of tiles in these states, as the tiles would. */
function tilesIn(...ids: readonly string[]): void {
  act(() => {
    ids.forEach((id, index) => {
      useTileSummaries.getState().report(index + 1, summarise(sampleTile(id).snapshot, FIRST_SITE));
    });
  });
}

it.each([
  [[], ['No cameras in this view.']],
  [['well', 'single'], ['2 cameras. All well.']],
  [['well', 'starting'], ['1 starting']],
  [['holding', 'no-picture-yet'], ['All 2 without video']],
  [
    ['holding', 'frozen', 'held-up', 'switching', 'no-redundancy', 'returning', 'suspended'],
    [
      '1 without video',
      '1 with a frozen picture',
      '1 held up by this workstation',
      '1 changing over',
      '1 without redundancy',
      '1 on Backup: Main is coming back',
      '1 paused',
    ],
  ],
])('says how the wall is, the gravest first: %j', (ids, words) => {
  const { getByRole } = drawBar();
  tilesIn(...ids);
  expect([...getByRole('status').children].map(({ textContent }) => textContent)).toEqual(words);
});

it('is quiet without alarms, and counts them until they are acknowledged', async () => {
  const { user, getByRole, queryByTitle } = drawBar();
  expect(queryByTitle('Show the alarms (A)')).toBeNull();
  act(() => useAlarms.getState().take(ALARMS.slice(0, 1)));
  await user.click(getByRole('button', { name: '1 alarm' }));
  expect(commands.openAlarms).toHaveBeenCalledOnce();
  act(() =>
    useAlarms.getState().take(ALARMS.slice(0, 1).map((alarm) => ({ ...alarm, state: 'acknowledged' }))),
  );
  expect(getByRole('button', { name: '1 acknowledged' }).dataset.tone).toBe('quiet');
});

it('changes the view by the keyboard', async () => {
  const { user, getByRole, findByRole } = drawBar();
  getByRole('button', { name: 'View Yard. Choose another.' }).focus();
  await user.keyboard('{Enter}');
  const shown = await findByRole('menuitemradio', { name: 'Yard' });
  expect(shown.getAttribute('aria-checked')).toBe('true');
  await waitFor(() => expect(document.activeElement).toBe(shown));
  await user.keyboard('{ArrowDown}');
  await waitFor(() => expect(document.activeElement).toBe(getByRole('menuitemradio', { name: 'Hall' })));
  await user.keyboard('{Enter}');
  expect(commands.chooseView).toHaveBeenCalledExactlyOnceWith('hall');
});

it('offers no choice of one view', () => {
  const { getByRole } = drawBar([YARD]);
  expect(getByRole('heading').textContent).toBe('Yard');
});

it.each([
  ['Fullscreen', 'enterFullscreen'],
  ['Alarms', 'openAlarms'],
  ['Journal', 'openJournal'],
  ['Settings…', 'openSettings'],
  ['About', 'openAbout'],
] as const)('has %s in its menu', async (name, command) => {
  const { user, getByRole, findByRole } = drawBar();
  getByRole('button', { name: 'Menu' }).focus();
  await user.keyboard('{Enter}');
  await user.click(await findByRole('menuitem', { name: new RegExp(`^${name}`) }));
  expect(commands[command]).toHaveBeenCalledOnce();
});
