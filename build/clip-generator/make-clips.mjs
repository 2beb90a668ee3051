#!/usr/bin/env node
// node build/clip-generator/make-clips.mjs [camera id ... | special]: draws the demo's clips. No build step runs it; the
// README.md of this folder says what it makes and why.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markSite, stamp } from './overlay.mjs';
import { Renderer } from './render.mjs';
import { SCENES } from './scenes.mjs';

const WIDTH = 640;
const HEIGHT = 360;
const FPS = 15;
const LOOP_SECONDS = 12;
const FRAMES_PER_FRAGMENT = 5;

/** The same values as SITE_MARKS in electron/demo/site-mark.ts, which a test compares with the clips' pixels. */
const MARKS = {
  main: { letter: 'A', rgb: [0, 60, 255], width: 80, height: 64 },
  backup: { letter: 'B', rgb: [255, 120, 0], width: 80, height: 64 },
};

const SPECIAL = 'special';
const SUB_CAMERA = 'corridor';
const SUB = { width: 320, height: 180 };

const clips = fileURLToPath(new URL('../../electron/demo/clips/', import.meta.url));

async function main(wanted) {
  const unknown = wanted.filter((id) => id !== SPECIAL && !(id in SCENES));
  if (unknown.length > 0)
    return fail(
      `No scene is named ${unknown.join(', ')}. There are: ${[...Object.keys(SCENES), SPECIAL].join(', ')}.`,
    );
  if (spawnSync('ffmpeg', ['-version']).error)
    return fail(
      'ffmpeg is not installed, and without it no clips can be made: apt install ffmpeg (or brew, winget), then try again.',
    );
  await mkdir(clips, { recursive: true });
  let total = 0;
  for (const [index, [camera, makeScene]] of Object.entries(SCENES).entries()) {
    if (wanted.length > 0 && !wanted.includes(camera)) continue;
    const frames = drawScene(makeScene(), index + 1);
    for (const site of Object.keys(MARKS)) {
      const file = join(clips, `${camera}-${site}.mp4`);
      for (const rgb of frames) markSite({ rgb, width: WIDTH }, MARKS[site]);
      const input = [
        '-f',
        'rawvideo',
        '-pix_fmt',
        'rgb24',
        '-s',
        `${WIDTH}x${HEIGHT}`,
        '-r',
        `${FPS}`,
        '-i',
        '-',
      ];
      await encode(file, { input }, frames);
      const { size } = await stat(file);
      total += size;
      console.log(`${camera}-${site}.mp4  ${Math.round(size / 1000)} kB`);
    }
  }
  if (wanted.length === 0 || wanted.includes(SPECIAL)) total += await makeSpecialClips();
  console.log(`${(total / 1e6).toFixed(1)} MB in all`);
}

/** Returns their size in bytes. */
async function makeSpecialClips() {
  const black = ({ width, height }) => ({
    input: ['-f', 'lavfi', '-t', `${LOOP_SECONDS}`, '-i', `color=black:s=${width}x${height}:r=${FPS}`],
    // As in the cameras' clips no pixel shape is named: one init segment serves both.
    filters: ['setsar=0'],
  });
  // A lower bit rate and the simplest profile, as cameras' sub streams have them.
  const sub = { profile: 'baseline', maxBitrate: '90k' };
  const made = {
    'black-main-quality': black({ width: WIDTH, height: HEIGHT }),
    'black-sub-quality': { ...black(SUB), ...sub },
  };
  for (const site of Object.keys(MARKS))
    made[`sub-quality-${site}`] = {
      input: ['-i', join(clips, `${SUB_CAMERA}-${site}.mp4`)],
      filters: [`scale=${SUB.width}:${SUB.height}`],
      ...sub,
    };
  let total = 0;
  for (const [name, picture] of Object.entries(made)) {
    const file = join(clips, `${name}.mp4`);
    await encode(file, picture);
    const { size } = await stat(file);
    total += size;
    console.log(`${name}.mp4  ${Math.round(size / 1000)} kB`);
  }
  return total;
}

/** Every frame of a scene's loop as RGB, with the sensor's grain, the lens's vignette and the camera's stamp. */
function drawScene(scene, cameraNumber) {
  const renderer = new Renderer(scene, WIDTH, HEIGHT);
  const grain = grainTable(scene.grain ?? 1.5);
  const shade = vignette();
  return Array.from({ length: LOOP_SECONDS * FPS }, (_, frame) => {
    const phase = frame / (LOOP_SECONDS * FPS);
    const rgb = renderer.frame(scene.moment(phase), phase);
    let seed = (frame * 7919 + cameraNumber * 104729 + 1) >>> 0;
    for (let pixel = 0; pixel < shade.length; pixel++) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      const noise = grain[seed >>> 20];
      const at = 3 * pixel;
      const grey = scene.monochrome ? 0.3 * rgb[at] + 0.59 * rgb[at + 1] + 0.11 * rgb[at + 2] : undefined;
      for (let i = at; i < at + 3; i++) rgb[i] = (grey ?? rgb[i]) * shade[pixel] + noise;
    }
    stamp({ rgb, width: WIDTH, height: HEIGHT }, cameraNumber, frame, FPS);
    return rgb;
  });
}

/** 4096 values of a normal distribution with the given deviation, made without chance so that builds repeat. */
function grainTable(deviation) {
  return Float32Array.from({ length: 4096 }, (_, i) => {
    const [u, v] = [(i + 0.5) / 4096, ((i * 1597) % 4096) / 4096];
    return deviation * Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
  });
}

function vignette() {
  return Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    const [x, y] = [(i % WIDTH) / WIDTH - 0.5, Math.floor(i / WIDTH) / HEIGHT - 0.5];
    return 1 - 0.38 * (x * x + y * y) ** 1.2;
  });
}

/** @param frames RGB pictures for ffmpeg's input, where that is `-`; none where it reads or makes them by itself */
async function encode(file, { input, filters = [], profile = 'main', maxBitrate = '420k' }, frames = []) {
  const ffmpeg = spawn(
    'ffmpeg',
    [
      ...['-v', 'error', '-y', ...input, '-an', '-map_metadata', '-1'],
      ...['-vf', [...filters, 'scale=out_color_matrix=bt709:out_range=tv', 'format=yuv420p'].join()],
      ...['-c:v', 'libx264', '-profile:v', profile, '-preset', 'slow', '-bf', '0', '-crf', '27'],
      ...['-maxrate', maxBitrate, '-bufsize', maxBitrate],
      ...['-g', `${FPS}`, '-keyint_min', `${FPS}`, '-sc_threshold', '0'],
      ...['-x264-params', 'open-gop=0:threads=1', '-flags', '+bitexact', '-fflags', '+bitexact'],
      ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'],
      ...['-f', 'mp4', '-movflags', 'empty_moov+default_base_moof+skip_trailer', '-use_editlist', '0'],
      ...['-video_track_timescale', '90000'],
      ...['-frag_duration', `${Math.floor((FRAMES_PER_FRAGMENT / FPS) * 1e6)}`, file],
    ],
    { stdio: ['pipe', 'inherit', 'inherit'] },
  );
  const ended = once(ffmpeg, 'exit');
  // A broken pipe follows a failure that ffmpeg itself has reported; its exit code decides.
  ffmpeg.stdin.on('error', () => {});
  for (const frame of frames)
    if (!ffmpeg.stdin.write(Buffer.from(frame.buffer)))
      await Promise.race([once(ffmpeg.stdin, 'drain'), ended]);
  ffmpeg.stdin.end();
  const [code] = await ended;
  if (code !== 0) throw new Error(`ffmpeg ended with code ${code} while writing ${file}`);
}

function fail(message) {
  console.error(message);
  process.exitCode = 1;
}

await main(process.argv.slice(2));
