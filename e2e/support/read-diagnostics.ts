import type { Diagnostics } from '../../shared/diagnostics.ts';
import type { PageContext } from './page-context.ts';

/** @throws where the window is not Holdfast's, or has not loaded yet */
export async function takeDiagnostics(page: PageContext): Promise<Diagnostics> {
  const taken = await page.evaluate(() => {
    const { holdfastDiagnostics } = window as unknown as { holdfastDiagnostics?: () => Diagnostics };
    return holdfastDiagnostics?.();
  });
  if (taken === undefined) throw new Error('the window gives no diagnostics');
  return taken;
}
