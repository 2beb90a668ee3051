import { CONFIG_VERSION, type Config, configSchema } from '../../shared/config/config.ts';
import type { DemoLatency } from '../../shared/demo.ts';
import type { DemoSiteAddress } from './demo-protocol.ts';
import { DEMO_PLAYLIST_PATHS } from './demo-streams.ts';
import { DEMO_CAMERAS } from './demo-wall.ts';

/** Stable time of the demo: short, so that somebody who restores a site sees the wall return to it. Milliseconds. */
const DEMO_STABLE_MS = 10_000;

/**
 * The demo's configuration.
 * @param sites as the demo's process reported them, in order of priority
 */
export function demoConfig(sites: readonly DemoSiteAddress[], latency: DemoLatency): Config {
  return configSchema.parse({
    version: CONFIG_VERSION,
    sites: sites.map((site) => ({ ...site, mainPath: DEMO_PLAYLIST_PATHS[latency] })),
    cameras: DEMO_CAMERAS,
    views: [
      { id: 'wall', name: 'Demo wall', columns: 3, rows: 3, cells: DEMO_CAMERAS.map((camera) => camera.id) },
    ],
    policies: { failback: { mode: 'automatic', stableMs: DEMO_STABLE_MS } },
  });
}
