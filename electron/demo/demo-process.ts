/**
 * The entry of the demo's child process: two sites over one set of cameras. A process of its own, so that
 * the loss of a site is felt by the viewer as it would be over a network.
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loopClip } from './clip-loop.ts';
import { CLIPS_ARGUMENT, type FromDemo, fromDemoSchema, toDemoSchema } from './demo-protocol.ts';
import { clipFileName, DEMO_CAMERAS, DEMO_SITES, type DemoSiteId } from './demo-wall.ts';
import { readClip } from './fmp4.ts';
import type { LiveFiles } from './live-files.ts';
import { DEMO_TIMELINE, windowAt } from './live-playlist.ts';
import { loopedFiles } from './looped-files.ts';
import { Origin } from './origin.ts';
import { openParentPort } from './parent-port.ts';

const parent = openParentPort();

function report(message: FromDemo): Promise<void> {
  return parent.post(fromDemoSchema.parse(message));
}

/** Tells the parent and ends the process. */
async function fail(error: unknown): Promise<void> {
  await report({ type: 'failed', reason: error instanceof Error ? error.message : String(error) });
  process.exit(1);
}

function clipsDirectory(): string {
  const argument = process.argv.find((candidate) => candidate.startsWith(CLIPS_ARGUMENT));
  return argument?.slice(CLIPS_ARGUMENT.length) ?? fileURLToPath(new URL('clips/', import.meta.url));
}

async function loadCameras(clips: string, siteId: DemoSiteId): Promise<Map<string, LiveFiles>> {
  const cameras = new Map<string, LiveFiles>();
  for (const { id } of DEMO_CAMERAS) {
    const file = join(clips, clipFileName(id, siteId));
    const loop = loopClip(readClip(await readFile(file), file), DEMO_TIMELINE.segmentMs);
    cameras.set(id, loopedFiles(id, loop, DEMO_TIMELINE));
  }
  return cameras;
}

interface OpenSite {
  readonly id: DemoSiteId;
  readonly name: string;
  readonly origin: Origin;
}

/** In the sites' order of priority. */
async function openSites(clips: string): Promise<OpenSite[]> {
  // A clock before the timeline is told here, not with every answer.
  windowAt(DEMO_TIMELINE, Date.now());
  const sites: OpenSite[] = [];
  for (const { id, name } of DEMO_SITES) {
    const cameras = await loadCameras(clips, id);
    sites.push({ id, name, origin: await Origin.open({ cameras, now: Date.now }) });
  }
  return sites;
}

async function obey(sites: readonly OpenSite[], message: unknown): Promise<void> {
  const { siteId, fault } = toDemoSchema.parse(message);
  const site = sites.find(({ id }) => id === siteId);
  if (site === undefined) throw new Error(`The demo has no site "${siteId}"`);
  await site.origin.setFault(fault);
  await report({ type: 'fault-set', siteId, fault });
}

parent.onGone(() => process.exit(0));
try {
  const sites = await openSites(clipsDirectory());
  parent.onMessage((message) => void obey(sites, message).catch(fail));
  await report({
    type: 'ready',
    sites: sites.map(({ id, name, origin }) => ({ id, name, baseUrl: origin.baseUrl })),
  });
} catch (error) {
  await fail(error);
}
