// @vitest-environment happy-dom
import { act } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import type { BridgeTransport } from '../../shared/bridge.ts';
import type { JournalEntry } from '../../shared/journal/journal-entry.ts';
import { BridgeClient } from '../bridge/bridge-client.ts';
import { useAlarms } from '../stores/alarms.ts';
import { type Drawn, draw } from '../testing/draw.ts';
import { JournalPanel } from './journal-panel.tsx';

const NAMES = {
  sites: [
    { id: 'main', name: 'Main' },
    { id: 'backup', name: 'Backup' },
  ],
  cameras: [{ id: 'gate', number: 3, name: 'Gate' }],
};
const CHANGE: JournalEntry = {
  kind: 'change',
  time: '2031-04-09T12:03:12.000Z',
  view: 'Wall',
  tile: 1,
  camera: 'gate',
  from: 'main/main',
  to: 'backup/main',
  cause: 'refused',
  firstEvidenceAt: '2031-04-09T12:03:11.000Z',
  firstFrameAt: '2031-04-09T12:03:12.100Z',
  gapMs: 67,
  jumpMs: null,
  words: 'the port is closed',
};
const ACKNOWLEDGED: JournalEntry = {
  kind: 'acknowledged',
  time: '2031-04-09T12:04:00.000Z',
  view: 'Wall',
  tile: 1,
  camera: 'gate',
  alarm: 'changed-over',
  by: 'the operator',
};
const CHANGE_WORDS = /Camera 3 Gate: Main to Backup, Main refused the connection, gap 67 ms/;

const request = vi.fn<BridgeTransport['request']>();
let entries: JournalEntry[] | Error = [];
const close = vi.fn();

beforeEach(() => {
  close.mockClear();
  request.mockReset();
  request.mockImplementation(async (name) => {
    if (name === 'journal.export') return { file: '/home/me/Downloads/journal.csv', lines: 2 };
    if (entries instanceof Error) throw entries;
    return entries;
  });
});

function drawPanel(journal: JournalEntry[] | Error): Drawn {
  entries = journal;
  const bridge = new BridgeClient({ request, on: () => () => {} });
  return draw(<JournalPanel open bridge={bridge} names={NAMES} close={close} />);
}

it('lists what happened, the newest first, and a detail one click away', async () => {
  const { user, findByText, getAllByRole, getByText } = drawPanel([CHANGE, ACKNOWLEDGED]);
  const change = await findByText(CHANGE_WORDS);
  expect(getAllByRole('listitem').map(({ textContent }) => /acknowledged/.test(textContent ?? ''))).toEqual([
    true,
    false,
  ]);
  expect(change.closest('details')?.open).toBe(false);
  await user.click(change);
  expect(change.closest('details')?.open).toBe(true);
  getByText('The port is closed');
});

it('begins in the filter, which takes words of the details as well', async () => {
  const { user, findByText, queryByText, getByLabelText } = drawPanel([CHANGE, ACKNOWLEDGED]);
  await findByText(CHANGE_WORDS);
  expect(document.activeElement).toBe(getByLabelText('Filter the journal'));
  await user.keyboard('PORT closed');
  expect((await findByText(CHANGE_WORDS)).closest('details')?.open).toBe(true);
  expect(queryByText(/acknowledged by/)).toBeNull();
  await user.keyboard('x');
  await findByText('None of the latest 2 lines has all of these words.');
});

it('asks the host for one camera', async () => {
  const { user, findByText, getByLabelText } = drawPanel([]);
  await findByText('Nothing has happened yet.');
  await user.selectOptions(getByLabelText('Camera'), '3 Gate');
  await findByText('Nothing like this has happened.');
  expect(request).toHaveBeenLastCalledWith('journal.recent', { limit: 500, filter: { camera: 'gate' } });
});

it('writes a file, and says where it is', async () => {
  const { user, findByText, getByRole } = drawPanel([CHANGE]);
  await user.click(getByRole('button', { name: 'Export CSV' }));
  await findByText('2 lines in /home/me/Downloads/journal.csv');
  expect(request).toHaveBeenCalledWith('journal.export', { format: 'csv', filter: {} });
});

it('reads the journal again after an acknowledgement', async () => {
  const { findByText } = drawPanel([CHANGE]);
  await findByText(CHANGE_WORDS);
  entries = [CHANGE, ACKNOWLEDGED];
  act(() => useAlarms.getState().take([]));
  await findByText(/acknowledged by the operator/);
});

it('says why the journal cannot be read', async () => {
  const { findByRole } = drawPanel(new Error('the disk is gone'));
  expect((await findByRole('alert')).textContent).toContain('The journal cannot be read.');
});

it('closes by Escape', async () => {
  const { user, findByText } = drawPanel([]);
  await findByText('Nothing has happened yet.');
  await user.keyboard('{Escape}');
  expect(close).toHaveBeenCalledOnce();
});
