import type { Page } from '@playwright/test';
import type { BridgeTransport } from '../../../shared/bridge.ts';
import type { Diagnostics } from '../../../shared/diagnostics.ts';
import { openDrivenWall } from '../suite/driven-wall.ts';
import { untilAllShow } from '../suite/measured-wall.ts';
import { rigForWall, wallName } from '../suite/rig-for-wall.ts';
import type { WindowFigures } from './start-figures.ts';

/** Number of tiles of each view. */
const TILES = 9;
/** How long a wall may take to show all pictures, ms. */
const TIMEOUT_MS = 60_000;

/** Opens the settings window beside a wall of nine tiles, then changes to a view with nine other cameras. */
export async function measureWindow(): Promise<WindowFigures> {
  const rig = await rigForWall({ tiles: TILES, quality: 'main', views: 2 });
  try {
    const wall = await openDrivenWall(rig.configFile, TILES);
    try {
      const { page, app } = wall.running;
      const shown = await untilAllShow(wall, TILES, TIMEOUT_MS);
      if (shown < TILES)
        throw new Error(`${shown} of ${TILES} tiles showed a picture within ${TIMEOUT_MS / 1000} s`);

      const opened = app.waitForEvent('window');
      const askedMs = performance.now();
      await page.evaluate(() =>
        (window as unknown as { holdfast: BridgeTransport }).holdfast.request('settings.open', undefined),
      );
      const settings = await opened;
      await settings.getByRole('heading', { name: 'Sites' }).waitFor();
      const settingsOpenMs = performance.now() - askedMs;
      await settings.close();

      const later = rig.rig.cameras.slice(TILES).map(({ id }) => id);
      return { kind: 'window', settingsOpenMs, ...(await changeView(page, later)) };
    } finally {
      await wall.close();
    }
  } finally {
    await rig.close();
  }
}

/** Measures from the press of the view's name, by the page's own clock. */
async function changeView(
  page: Page,
  cameras: readonly string[],
): Promise<Pick<WindowFigures, 'viewFirstPictureMs' | 'viewAllPicturesMs'>> {
  await page.getByRole('button', { name: `View ${wallName(1)}` }).click();
  const measured = page.evaluate(
    async ({ wanted, timeoutMs }) => {
      const { holdfastDiagnostics } = window as unknown as { holdfastDiagnostics: () => Diagnostics };
      const pressedMs = await new Promise<number>((resolve) =>
        document.addEventListener('pointerup', () => resolve(performance.now()), {
          capture: true,
          once: true,
        }),
      );
      let firstMs: number | null = null;
      for (;;) {
        const shown = holdfastDiagnostics().tiles.filter(
          ({ camera, frames }) => frames > 0 && wanted.includes(camera),
        ).length;
        const sinceMs = performance.now() - pressedMs;
        if (shown > 0) firstMs ??= sinceMs;
        if (shown === wanted.length && firstMs !== null)
          return { viewFirstPictureMs: firstMs, viewAllPicturesMs: sinceMs };
        if (sinceMs > timeoutMs) throw new Error(`${shown} of ${wanted.length} tiles showed a picture`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    { wanted: [...cameras], timeoutMs: TIMEOUT_MS },
  );
  await page.getByRole('menuitemradio', { name: wallName(2) }).click();
  return measured;
}
