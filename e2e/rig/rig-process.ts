/**
 * Entry of the rig's process, which serves any number of sites that fail on command. It is a separate process, so that
 * the sites and the test do not delay each other's event loop. It ends with its parent.
 */

import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ClipFolder } from '../../electron/demo/clip-folder.ts';
import type { LiveFiles } from '../../electron/demo/live-files.ts';
import { Origin, type OriginRequest } from '../../electron/demo/origin.ts';
import { OriginCertificates } from '../../electron/demo/origin-certificates.ts';
import { openParentPort } from '../../electron/demo/parent-port.ts';
import { seededRandom } from '../../electron/demo/seeded-random.ts';
import { RequestCounter } from './request-counter.ts';
import { clipsOfSite, type RigCamera, rigCameras } from './rig-cameras.ts';
import {
  type FromRig,
  fromRigSchema,
  type OpenRigSite,
  type RigAnswer,
  type RigCommand,
  type RigStep,
  rigCommandSchema,
  toRigSchema,
} from './rig-protocol.ts';
import { isAfterRedirect } from './servers/mediamtx.ts';
import { type CameraStream, streamOfCamera } from './stream-of-camera.ts';

interface ServedSite {
  readonly id: string;
  /** Serves the site at its address. */
  readonly origin: Origin;
  /** Serves the site at its further address; `null` without one. */
  readonly further: Origin | null;
  readonly streams: ReadonlyMap<string, LiveFiles>;
  readonly counter: RequestCounter;
  readonly certificates: OriginCertificates | undefined;
}

const CLIPS = fileURLToPath(new URL('../../electron/demo/clips/', import.meta.url));

const parent = openParentPort();
const clips = new ClipFolder(CLIPS);
const sites: ServedSite[] = [];
let cameras: readonly RigCamera[] = [];

type SiteToOpen = Extract<RigCommand, { type: 'open' }>['sites'][number];

async function streamsOf(
  { id, clips: clipsOf, streams }: SiteToOpen,
  index: number,
  furtherBaseUrl: string | null,
  serves: (stream: CameraStream) => CameraStream,
): Promise<ReadonlyMap<string, LiveFiles>> {
  const of = { clips: clipsOf ?? clipsOfSite(index), furtherBaseUrl };
  return new Map(
    await Promise.all(
      cameras.map(async (camera) => {
        const stream = streams[camera.id];
        if (stream === undefined) throw new RangeError(`"${id}" has no stream of "${camera.id}"`);
        return [camera.id, await streamOfCamera(serves(stream), camera, of, clips)] as const;
      }),
    ),
  );
}

/** A stream as the site's further address serves it: it sends no client elsewhere. */
function withoutElsewhere(stream: CameraStream): CameraStream {
  return { ...stream, oddities: stream.oddities.filter(({ kind }) => kind !== 'elsewhere') };
}

async function open(command: Extract<RigCommand, { type: 'open' }>): Promise<OpenRigSite[]> {
  if (sites.length > 0) throw new Error('The rig is open already');
  cameras = rigCameras(command.cameras);
  for (const [index, site] of command.sites.entries()) {
    const { id, tls, login, address, clockOffsetMs, conditions } = site;
    if (sites.some((site) => site.id === id)) throw new RangeError(`Two sites are called "${id}"`);
    const counter = new RequestCounter();
    const certificates = tls === undefined ? undefined : await OriginCertificates.issue(id, new Date());
    const countAsLed = (request: OriginRequest): void =>
      counter.count({ ...request, pace: 'server' }, Date.now());
    // A request after a redirect is no poll of the client: the poll was counted before the redirect.
    const count = (request: OriginRequest): void =>
      isAfterRedirect(request.query) ? countAsLed(request) : counter.count(request, Date.now());
    const openOrigin = (
      streams: ReadonlyMap<string, LiveFiles>,
      onRequest: (request: OriginRequest) => void,
    ): Promise<Origin> =>
      Origin.open({
        cameras: streams,
        now: Date.now,
        random: seededRandom(command.seed + index),
        onRequest,
        ...(certificates && { certificates }),
        ...(login && { login }),
        ...(address && { address }),
        ...(clockOffsetMs !== undefined && { clockOffsetMs }),
        ...(conditions && { conditions }),
      });
    const further =
      site.further === true
        ? await openOrigin(await streamsOf(site, index, null, withoutElsewhere), countAsLed)
        : null;
    const streams = await streamsOf(site, index, further?.baseUrl ?? null, (stream) => stream);
    sites.push({ id, origin: await openOrigin(streams, count), further, streams, counter, certificates });
  }
  return sites.map(({ id, origin, further, certificates }) => ({
    id,
    baseUrl: origin.baseUrl,
    furtherBaseUrl: further?.baseUrl ?? null,
    certificate: certificates === undefined ? null : { pin: certificates.pin, trusted: certificates.trusted },
  }));
}

function siteOf(id: string): ServedSite {
  const site = sites.find((candidate) => candidate.id === id);
  if (site === undefined)
    throw new RangeError(`The rig has no site "${id}", only ${sites.map((one) => `"${one.id}"`).join(', ')}`);
  return site;
}

function originsOf(siteId: string): Origin[] {
  const { origin, further } = siteOf(siteId);
  return further === null ? [origin] : [origin, further];
}

async function take(step: RigStep): Promise<void> {
  const origins = originsOf(step.siteId);
  if (step.kind === 'conditions') {
    for (const origin of origins) origin.conditions = step.conditions;
    return;
  }
  const strange = step.cameras?.find((id) => cameras.every((camera) => camera.id !== id));
  if (strange !== undefined) throw new RangeError(`The rig has no camera "${strange}"`);
  const scopes = step.cameras === undefined ? [{}] : step.cameras.map((camera) => ({ camera }));
  await Promise.all(origins.flatMap((origin) => scopes.map((scope) => origin.setFault(step.faults, scope))));
}

/** Takes the steps at their times. @returns when each step took effect, ms since 1970, in the order of their times */
async function run(steps: readonly RigStep[]): Promise<number[]> {
  const startMs = Date.now();
  const inForceMs: number[] = [];
  for (const step of steps.toSorted((one, other) => one.atMs - other.atMs)) {
    const waitMs = startMs + step.atMs - Date.now();
    if (waitMs > 0) await setTimeout(waitMs);
    inForceMs.push(Date.now());
    await take(step);
  }
  return inForceMs;
}

async function clear(siteId: string): Promise<number> {
  const inForceMs = Date.now();
  await Promise.all(
    originsOf(siteId).flatMap((origin) => [
      ...cameras.map(({ id }) => origin.setFault([], { camera: id })),
      origin.setFault([]),
    ]),
  );
  return inForceMs;
}

async function obey(message: unknown): Promise<RigAnswer> {
  const command = rigCommandSchema.parse(message);
  switch (command.type) {
    case 'open':
      return { type: 'opened', sites: await open(command) };
    case 'run':
      return { type: 'ran', inForceMs: await run(command.steps) };
    case 'clear':
      return { type: 'cleared', inForceMs: await clear(command.siteId) };
    case 'renew-login':
      return { type: 'login', login: siteOf(command.siteId).origin.renewLogin() };
    case 'stats': {
      const nowMs = Date.now();
      return {
        type: 'stats',
        sites: sites.map(({ id, origin, further, streams, counter }) => ({
          id,
          openConnections: origin.openConnections + (further?.openConnections ?? 0),
          requests: counter.byCamera,
          mostPollsPerS: counter.mostPollsPerS,
          longestRestMs: counter.longestRestMs(nowMs),
          sessions: Object.fromEntries(
            [...streams].flatMap(([camera, { sessions }]) =>
              sessions === undefined ? [] : [[camera, sessions(nowMs)]],
            ),
          ),
          requestsPerS: counter.recentPerS(nowMs),
        })),
      };
    }
  }
}

function inWords(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof Error ? error.message : String(error);
}

async function answer(message: unknown): Promise<void> {
  const { id, command } = toRigSchema.parse(message);
  const reply = await obey(command).catch(
    (error: unknown): RigAnswer => ({
      type: 'failed',
      reason: inWords(error),
    }),
  );
  await parent.post(fromRigSchema.parse({ id, answer: reply } satisfies FromRig));
}

parent.onGone(() => process.exit(0));
parent.onMessage((message) => void answer(message));
