import type { Page } from '@playwright/test';
import type { Diagnostics } from '../../shared/diagnostics.ts';

/** @throws where the window is not Holdfast's, or has not loaded yet */
export async function takeDiagnostics(page: Page): Promise<Diagnostics> {
  const taken = await page.evaluate(() => {
    const { holdfastDiagnostics } = window as unknown as { holdfastDiagnostics?: () => Diagnostics };
    return holdfastDiagnostics?.();
  });
  if (taken === undefined) throw new Error('the window gives no diagnostics');
  return taken;
}
