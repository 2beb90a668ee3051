import { type ElectronApplication, expect, type Page } from '@playwright/test';

/** Presses the demo bar's button for the settings, and returns the window that it opens. */
export async function openSettings(app: ElectronApplication, viewer: Page): Promise<Page> {
  const opened = app.waitForEvent('window');
  await viewer.getByRole('button', { name: 'Settings', exact: true }).click();
  const settings = await opened;
  await expect(settings.getByRole('heading', { name: 'Sites' })).toBeVisible();
  return settings;
}
