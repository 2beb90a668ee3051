import { cameraPath } from '../../shared/config/camera-id.ts';
import type { CameraForm, SiteForm } from './form.ts';

/** The path of a camera's stream below the site's address; `null` where there is none. */
export function streamPath(
  site: SiteForm,
  camera: Pick<CameraForm, 'id' | 'paths'> | { readonly id: string },
  quality: 'main' | 'sub',
): string | null {
  const own = 'paths' in camera ? camera.paths[site.key]?.[quality].trim() : undefined;
  if (own !== undefined && own !== '') return own;
  return templatePath(site, camera.id, quality);
}

/** The path that the site's template makes of a camera's id; `null` without a template. */
export function templatePath(site: SiteForm, cameraId: string, quality: 'main' | 'sub'): string | null {
  const template = (quality === 'main' ? site.mainPath : site.subPath).trim();
  return template === '' ? null : cameraPath(template, cameraId.trim());
}

/**
 * The whole address of a path at a site, as the host requests it: always below the site's address, whether that ends with a slash
 * or not. `null` while the site's address is not valid, or there is no path.
 */
export function streamAddress(baseUrl: string, path: string | null): string | null {
  const base = baseUrl.trim();
  if (path === null || isAddress(path) || !isAddress(base)) return null;
  if (/[?#]/.test(base) || !URL.canParse(base)) return null;
  return `${base.replace(/\/$/, '')}/${path.replace(/^\//, '')}`;
}

/** Whether the text begins like an address, and so is no path. */
export function isAddress(typed: string): boolean {
  return /^\s*https?:\/\//i.test(typed);
}
