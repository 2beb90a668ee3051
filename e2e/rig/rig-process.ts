/**
 * The entry of the rig's process: any number of sites that fail on command. A process of its own, so that neither the
 * test's event loop disturbs the sites nor they it. It ends with its parent.
 */

import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { loopClip } from '../../electron/demo/clip-loop.ts';
import { clipFileName } from '../../electron/demo/demo-wall.ts';
import { type Clip, readClip } from '../../electron/demo/fmp4.ts';
import type { LiveFiles } from '../../electron/demo/live-files.ts';
import { DEMO_TIMELINE } from '../../electron/demo/live-playlist.ts';
import { loopedFiles } from '../../electron/demo/looped-files.ts';
import { Origin } from '../../electron/demo/origin.ts';
import { OriginCertificates } from '../../electron/demo/origin-certificates.ts';
import { openParentPort } from '../../electron/demo/parent-port.ts';
import { seededRandom } from '../../electron/demo/seeded-random.ts';
import { checkShape, PLAIN_SHAPE, type StreamShape } from '../../electron/demo/stream-shape.ts';
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

interface ServedSite {
  readonly id: string;
  readonly origin: Origin;
  readonly counter: RequestCounter;
  readonly certificates: OriginCertificates | undefined;
}

const CLIPS = new URL('../../electron/demo/clips/', import.meta.url);

const parent = openParentPort();
const clips = new Map<string, Promise<Clip>>();
const sites: ServedSite[] = [];
let cameras: readonly RigCamera[] = [];

function clip(name: string): Promise<Clip> {
  const known = clips.get(name);
  if (known !== undefined) return known;
  const file = fileURLToPath(new URL(name, CLIPS));
  const read = readFile(file).then((bytes) => readClip(bytes, file));
  clips.set(name, read);
  return read;
}

/** @throws {RangeError} for a shape that the sites cannot make */
function checkServed(shape: StreamShape): void {
  checkShape(shape);
  const { container, partMs, programDateTimes, multivariant } = PLAIN_SHAPE;
  for (const [name, value] of Object.entries({ container, partMs, programDateTimes, multivariant }))
    if (shape[name as keyof StreamShape] !== value)
      throw new RangeError(`${name} is ${shape[name as keyof StreamShape]}: these sites serve ${value} only`);
}

async function liveFiles(camera: RigCamera, siteIndex: number, shape: StreamShape): Promise<LiveFiles> {
  const whole = await clip(clipFileName(camera.clip, clipsOfSite(siteIndex)));
  const { segmentMs, windowSegments, keptSegments } = shape;
  const timeline = { epochMs: DEMO_TIMELINE.epochMs, segmentMs, windowSegments, keptSegments };
  return loopedFiles(camera.id, loopClip(inPhase(whole, camera.phaseMs), segmentMs), timeline);
}

/** The clip begun so far into itself. */
function inPhase(whole: Clip, phaseMs: number): Clip {
  const fragmentTicks = whole.fragments[0]?.durationTicks ?? 0;
  const first = Math.round((phaseMs * whole.timescale) / 1000 / fragmentTicks) % whole.fragments.length;
  return { ...whole, fragments: [...whole.fragments.slice(first), ...whole.fragments.slice(0, first)] };
}

async function open(command: Extract<RigCommand, { type: 'open' }>): Promise<OpenRigSite[]> {
  if (sites.length > 0) throw new Error('The rig is open already');
  checkServed(command.stream);
  cameras = rigCameras(command.cameras);
  for (const [index, { id, tls, login, clockOffsetMs, conditions }] of command.sites.entries()) {
    if (sites.some((site) => site.id === id)) throw new RangeError(`Two sites are called "${id}"`);
    const counter = new RequestCounter();
    const certificates = tls === undefined ? undefined : new OriginCertificates(new Date());
    const origin = await Origin.open({
      cameras: new Map(
        await Promise.all(
          cameras.map(async (camera) => [camera.id, await liveFiles(camera, index, command.stream)] as const),
        ),
      ),
      now: Date.now,
      random: seededRandom(command.seed + index),
      onRequest: (request) => counter.count(request, Date.now()),
      ...(certificates && { certificates }),
      ...(login && { login }),
      ...(clockOffsetMs !== undefined && { clockOffsetMs }),
      ...(conditions && { conditions }),
    });
    sites.push({ id, origin, counter, certificates });
  }
  return sites.map(({ id, origin, certificates }) => ({
    id,
    baseUrl: origin.baseUrl,
    certificate: certificates === undefined ? null : { pin: certificates.pin, trusted: certificates.trusted },
  }));
}

function siteOf(id: string): ServedSite {
  const site = sites.find((candidate) => candidate.id === id);
  if (site === undefined)
    throw new RangeError(`The rig has no site "${id}", only ${sites.map((one) => `"${one.id}"`).join(', ')}`);
  return site;
}

async function take(step: RigStep): Promise<void> {
  const { origin } = siteOf(step.siteId);
  if (step.kind === 'conditions') {
    origin.conditions = step.conditions;
    return;
  }
  const strange = step.cameras?.find((id) => cameras.every((camera) => camera.id !== id));
  if (strange !== undefined) throw new RangeError(`The rig has no camera "${strange}"`);
  const scopes = step.cameras === undefined ? [{}] : step.cameras.map((camera) => ({ camera }));
  await Promise.all(scopes.map((scope) => origin.setFault(step.faults, scope)));
}

/** Tells when each step came into force, ms since 1970, in the order of their times. */
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
  const { origin } = siteOf(siteId);
  const inForceMs = Date.now();
  await Promise.all([...cameras.map(({ id }) => origin.setFault([], { camera: id })), origin.setFault([])]);
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
        sites: sites.map(({ id, origin, counter }) => ({
          id,
          openConnections: origin.openConnections,
          requests: counter.byCamera,
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
