// @vitest-environment happy-dom
import { within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { drawSettings } from '../testing/draw-settings.tsx';
import { SettingsWindow } from './settings-window.tsx';

describe('the sites', () => {
  it('open with a form of every setting, those that are rarely needed last', async () => {
    const { user, getByRole, container } = await drawSettings(<SettingsWindow />);
    await user.click(getByRole('button', { name: /North/, expanded: false }));
    const labels = [...container.querySelectorAll('.item-form label, .item-form h4, .item-form legend')];
    expect(labels.map(({ textContent }) => textContent)).toEqual([
      'Name',
      'Address',
      'Path of a camera’s playlist',
      'Path of the small picture, for small tiles',
      'Login',
      'In maintenance',
      'Rarely needed',
      'Certificate fingerprint (SHA-256)',
      'Further addresses',
      'Watching',
      'Ask for playlists every',
      'Most standbys that play from it at once',
      'Id',
    ]);
  });

  it('take what is typed, say what is wrong with it, and what the draft changes', async () => {
    const { user, getByRole, getByLabelText, getByText, findByText } = await drawSettings(<SettingsWindow />);
    await user.click(getByRole('button', { name: /North/, expanded: false }));
    await user.type(getByLabelText('Ask for playlists every'), '0.1');
    getByText('Must be at least 0.25 s.');
    getByText('One thing must be corrected first.');
    expect(getByRole('button', { name: 'Apply' }).getAttribute('aria-disabled')).toBe('true');
    await user.clear(getByLabelText('Ask for playlists every'));
    await user.type(getByLabelText('Most standbys that play from it at once'), '4');
    await findByText('1 change: North: hot standbys');
  });

  it('are moved by the keyboard, and their order is said', async () => {
    const { user, getByRole, getByText } = await drawSettings(<SettingsWindow />);
    await user.click(getByRole('button', { name: 'Add site' }));
    const up = getByRole('button', { name: 'Move Site 2 up' });
    up.focus();
    await user.keyboard('{Enter}');
    getByText('Site 2 is now priority 1 of 2');
  });

  it('say what goes with one that is removed, and keep it where the admin thinks better of it', async () => {
    const { user, getByRole, findByRole, queryByRole } = await drawSettings(<SettingsWindow />);
    await user.click(getByRole('button', { name: 'Remove North' }));
    const question = await findByRole('dialog');
    expect(question.textContent).toContain('Without a stream at any other site: one camera.');
    await user.click(within(question).getByRole('button', { name: 'Keep it' }));
    expect(queryByRole('dialog')).toBeNull();
    getByRole('button', { name: /North/, expanded: false });
  });
});

describe('the window', () => {
  it.each(['Sites', 'Cameras', 'Views', 'Policies'])('leads to %s', async (section) => {
    const { user, getByRole } = await drawSettings(<SettingsWindow />);
    await user.click(
      within(getByRole('navigation')).getByRole('button', { name: new RegExp(`^${section}`) }),
    );
    getByRole('heading', { level: 2, name: section });
  });

  it('saves the draft by Ctrl+S, and says that the walls follow', async () => {
    const { user, host, getByRole, getByLabelText, findByText } = await drawSettings(<SettingsWindow />);
    await user.click(getByRole('button', { name: /North/, expanded: false }));
    await user.type(getByLabelText('Name'), 'ern yard');
    await user.keyboard('{Control>}s{/Control}');
    await findByText('Applied. The walls follow.');
    expect(host.saved[0]?.sites[0]?.name).toBe('Northern yard');
  });

  it('gives an edit up', async () => {
    const { user, getByRole, getByLabelText, getByText } = await drawSettings(<SettingsWindow />);
    await user.click(getByRole('button', { name: /North/, expanded: false }));
    await user.type(getByLabelText('Name'), 'x');
    await user.click(getByRole('button', { name: 'Revert' }));
    getByText('No changes');
    expect((getByLabelText('Name') as HTMLInputElement).value).toBe('North');
  });
});
