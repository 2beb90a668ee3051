import { configSchema, type Policies, type PublicConfig, publicConfig } from '../../shared/config/config.ts';
import type { Plan } from './fault-plan.ts';

export function siteId(index: number): string {
  return `site${index + 1}`;
}

export function cameraId(index: number): string {
  return `camera${index + 1}`;
}

/** The configuration that the tiles of a plan get. */
export function configOf(plan: Plan): PublicConfig {
  const path = (quality: 'main' | 'sub'): string => `{camera}/${quality}/index.m3u8`;
  const cameras = Array.from({ length: plan.tiles }, (_, index) => cameraId(index));
  const policies: Policies = plan.policies;
  return publicConfig(
    configSchema.parse({
      version: 1,
      sites: plan.sites.map(({ watchIntervalMs, watch }, index) => ({
        id: siteId(index),
        name: `Site ${index + 1}`,
        baseUrl: `http://127.0.0.1/${siteId(index)}/`,
        mainPath: path('main'),
        ...(watchIntervalMs === null ? {} : { watchIntervalMs }),
        ...(watch === 'light' ? { watch } : {}),
        ...(plan.qualities.includes('sub') ? { subPath: path('sub') } : {}),
      })),
      cameras: cameras.map((id, index) => ({ id, number: index + 1, name: `Camera ${index + 1}` })),
      views: [{ id: 'wall', name: 'Wall', columns: 8, rows: 1, cells: cameras }],
      policies,
    }),
  );
}
