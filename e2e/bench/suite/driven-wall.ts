import { launchHoldfast, type RunningHoldfast } from '../../support/launch.ts';
import { takeDiagnostics } from '../../support/read-diagnostics.ts';
import { pickSample, type SampledWall, windowSize } from './measured-wall.ts';

/** A wall of Holdfast in a window that Playwright drives. Every figure includes the cost of Playwright. */
export interface DrivenWall extends SampledWall {
  readonly running: RunningHoldfast;
  close(): Promise<void>;
}

/** Opens Holdfast in Electron. */
export async function openDrivenWall(configFile: string, tiles: number): Promise<DrivenWall> {
  const { width, height } = windowSize(tiles);
  const running = await launchHoldfast({ args: ['--config', configFile, '--window', `${width}x${height}`] });
  const { page, close } = running;
  await page.waitForFunction(() => 'holdfastDiagnostics' in window);
  return { running, sample: async () => (await takeDiagnostics(page)).tiles.map(pickSample), close };
}
