import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { StartOptions } from '../app/options.ts';

/**
 * What an operator needs and no more: without zoom and, outside of development, without a reload to hit by accident.
 * Hidden until Alt is pressed; its keys work all the time.
 */
export function installMenu(mode: StartOptions['mode']): void {
  const development: MenuItemConstructorOptions[] =
    mode === 'development'
      ? [
          { type: 'separator' },
          { role: 'reload', label: 'Reload' },
          { role: 'toggleDevTools', label: 'Developer tools' },
        ]
      : [];
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      { label: 'Holdfast', submenu: [{ role: 'quit', label: 'Quit', accelerator: 'CommandOrControl+Q' }] },
      {
        label: 'View',
        submenu: [{ role: 'togglefullscreen', label: 'Full screen', accelerator: 'F11' }, ...development],
      },
    ]),
  );
}
