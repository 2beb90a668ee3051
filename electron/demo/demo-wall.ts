/** The demo's sites, in order of priority. */
export const DEMO_SITES = [
  { id: 'main', name: 'Main' },
  { id: 'backup', name: 'Backup' },
] as const;
export type DemoSiteId = (typeof DEMO_SITES)[number]['id'];

/** The demo's cameras, in the order of the wall. Each has a scene in the clip generator. */
export const DEMO_CAMERAS = [
  { id: 'car-park', number: 1, name: 'Car park' },
  { id: 'main-gate', number: 2, name: 'Main gate' },
  { id: 'quay', number: 3, name: 'Quay' },
  { id: 'crossroads', number: 4, name: 'Crossroads' },
  { id: 'corridor', number: 5, name: 'Corridor' },
  { id: 'loading-bay', number: 6, name: 'Loading bay' },
  { id: 'platform', number: 7, name: 'Platform' },
  { id: 'hall', number: 8, name: 'Warehouse hall' },
  { id: 'north-fence', number: 9, name: 'North fence' },
] as const;

/** The clip's file name in the clips directory. The names are those of build/clip-generator/make-clips.mjs. */
export function clipFileName(cameraId: string, siteId: DemoSiteId): string {
  return `${cameraId}-${siteId}.mp4`;
}

/** One camera's pictures in sub quality, which are used for every camera of the site. */
export function subClipFileName(siteId: DemoSiteId): string {
  return `sub-quality-${siteId}.mp4`;
}

/** A black picture in either quality. */
export const BLACK_CLIP_FILES = { main: 'black-main-quality.mp4', sub: 'black-sub-quality.mp4' } as const;
