import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { StartOptions } from '../app/options.ts';

/**
 * The menu has only what an operator needs: no zoom and, outside of development, no reload that could be hit by
 * accident. It is hidden until Alt is pressed; its keys always work.
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
