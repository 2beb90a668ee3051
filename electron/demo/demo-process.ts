/**
 * The entry of the demo's child process: two sites with the same cameras. It is a process of its own, so that the
 * viewer loses a site as it would over a network.
 */

import { fileURLToPath } from 'node:url';
import { ClipFolder } from './clip-folder.ts';
import { CLIPS_ARGUMENT, type FromDemo, fromDemoSchema, toDemoSchema } from './demo-protocol.ts';
import { createDemoStreams } from './demo-streams.ts';
import { DEMO_CAMERAS, DEMO_SITES, type DemoSiteId } from './demo-wall.ts';
import type { LiveFiles } from './live-files.ts';
import { Origin } from './origin.ts';
import { openParentPort } from './parent-port.ts';

const parent = openParentPort();

function report(message: FromDemo): Promise<void> {
  return parent.post(fromDemoSchema.parse(message));
}

/** Reports the error to the parent and ends the process. */
async function fail(error: unknown): Promise<void> {
  await report({ type: 'failed', reason: error instanceof Error ? error.message : String(error) });
  process.exit(1);
}

function clipsDirectory(): string {
  const argument = process.argv.find((candidate) => candidate.startsWith(CLIPS_ARGUMENT));
  return argument?.slice(CLIPS_ARGUMENT.length) ?? fileURLToPath(new URL('clips/', import.meta.url));
}

async function openStreams(clips: ClipFolder, siteId: DemoSiteId): Promise<Map<string, LiveFiles>> {
  const streams = new Map<string, LiveFiles>();
  for (const { id } of DEMO_CAMERAS) streams.set(id, createDemoStreams(await clips.streamClips(id, siteId)));
  return streams;
}

interface OpenSite {
  readonly id: DemoSiteId;
  readonly name: string;
  readonly origin: Origin;
}

/** In order of priority. */
async function openSites(clips: ClipFolder): Promise<OpenSite[]> {
  const sites: OpenSite[] = [];
  for (const { id, name } of DEMO_SITES) {
    const cameras = await openStreams(clips, id);
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
  const sites = await openSites(new ClipFolder(clipsDirectory()));
  parent.onMessage((message) => void obey(sites, message).catch(fail));
  await report({
    type: 'ready',
    sites: sites.map(({ id, name, origin }) => ({ id, name, baseUrl: origin.baseUrl })),
  });
} catch (error) {
  await fail(error);
}
