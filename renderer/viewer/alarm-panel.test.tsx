// @vitest-environment happy-dom
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import type { Alarm } from '../../shared/alarms/alarm.ts';
import { useAlarms } from '../stores/alarms.ts';
import { type Drawn, draw } from '../testing/draw.ts';
import { AlarmPanel } from './alarm-panel.tsx';

const NAMES = {
  sites: [
    { id: 'main', name: 'Main' },
    { id: 'backup', name: 'Backup' },
  ],
  cameras: [
    { id: 'gate', number: 3, name: 'Gate' },
    { id: 'yard', number: 7, name: 'Yard' },
    { id: 'hall', number: 9, name: 'Hall' },
  ],
};
const AT = '2031-04-09T12:03:12.000Z';

const acknowledge = vi.fn();
const show = vi.fn();
const close = vi.fn();
beforeEach(() => {
  for (const called of [acknowledge, show, close]) called.mockClear();
});

const GATE = alarm('gate', {});
const YARD = alarm('yard', {});
const HALL = alarm('hall', { alarm: 'no-redundancy', state: 'acknowledged', cause: 'refused' });

function drawPanel(alarms: readonly Alarm[], failure: string | null = null): Drawn {
  useAlarms.getState().take(alarms);
  onTestFinished(() => useAlarms.getState().take([]));
  return draw(
    <AlarmPanel open names={NAMES} failure={failure} acknowledge={acknowledge} show={show} close={close} />,
  );
}

it('says that there is none, and offers nothing to acknowledge', () => {
  const { getByText, queryByRole } = drawPanel([]);
  getByText('No alarms. What happened before is in the journal.');
  expect(queryByRole('button', { name: /Acknowledge/ })).toBeNull();
});

it('leads from an alarm to its tile, and acknowledges it alone', async () => {
  const { user, getByRole } = drawPanel([GATE, HALL]);
  await user.click(getByRole('button', { name: /^Camera 3 Gate: no video/ }));
  expect(show).toHaveBeenCalledExactlyOnceWith(GATE);
  await user.click(getByRole('button', { name: 'Acknowledge Camera 3 Gate: no video' }));
  expect(acknowledge).toHaveBeenCalledExactlyOnceWith([GATE]);
});

it('asks for nothing where somebody has seen an alarm', () => {
  const { getByText, queryByRole } = drawPanel([HALL]);
  expect(getByText('Camera 9 Hall: no redundancy')).toBeTruthy();
  getByText('acknowledged');
  expect(queryByRole('button', { name: /Acknowledge/ })).toBeNull();
});

it('makes one line of a site that failed under several cameras, and opens it by the keyboard', async () => {
  const { user, getByRole } = drawPanel([GATE, YARD]);
  const group = getByRole('button', { name: /^2 cameras: no video/, expanded: false });
  group.focus();
  await user.keyboard('{Enter}');
  expect(group.getAttribute('aria-expanded')).toBe('true');
  expect(show).not.toHaveBeenCalled();
  await user.click(getByRole('button', { name: /^Camera 7 Yard/ }));
  expect(show).toHaveBeenCalledExactlyOnceWith(YARD);
});

it('acknowledges all of them', async () => {
  const { user, getByRole } = drawPanel([GATE, YARD, HALL]);
  await user.click(getByRole('button', { name: 'Acknowledge all' }));
  expect(acknowledge).toHaveBeenCalledExactlyOnceWith([GATE, YARD, HALL]);
});

it('says at once what the host did not take', () => {
  const { getByRole } = drawPanel([GATE], 'The alarms were not acknowledged. The host did not answer.');
  expect(getByRole('alert').textContent).toContain('not acknowledged');
});

it('closes by its button and by Escape', async () => {
  const { user, getByRole } = drawPanel([GATE]);
  await user.click(getByRole('button', { name: 'Close the alarms' }));
  await user.keyboard('{Escape}');
  expect(close).toHaveBeenCalledTimes(2);
});

function alarm(camera: string, changed: Partial<Alarm>): Alarm {
  return {
    id: `no-video ${camera}`,
    alarm: 'no-video',
    state: 'unacknowledged',
    place: { view: 'Wall', tile: 1, camera },
    firstAt: AT,
    lastAt: AT,
    count: 1,
    stream: 'main/main',
    shown: null,
    cause: 'timeout',
    returnedAt: null,
    comesAndGoes: null,
    ...changed,
  };
}
