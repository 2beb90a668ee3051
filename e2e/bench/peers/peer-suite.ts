import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { GAP_FAULTS } from '../gap/matrix.ts';
import type { Suite } from '../suite/suite.ts';
import { measurePeer, RETURN_WAIT_MS } from './measure-peer.ts';
import {
  FULL_CHOICE,
  GIVE_UP_MS,
  type PeerCase,
  peerCases,
  peerFaultWords,
  QUICK_CHOICE,
  waitsForReturn,
} from './peer-cases.ts';
import { type PeerFigures, peerFiguresSchema } from './peer-figures.ts';
import { peerReport } from './peer-report.ts';

/** Usual duration of a run on 2 cores without the wait for the return, seconds: start, quiet time, recovery and end. */
const TYPICAL_S = 14;

/** Compares Holdfast with what a user would build or choose instead, with the same rig, faults and meter in the same run. */
export const peerSuite: Suite<PeerCase, PeerFigures> = {
  name: 'peers',
  question: 'How long is the gap with what people use today?',
  extents: {
    quick: `${QUICK_CHOICE}; in under 4 minutes`,
    full: `${FULL_CHOICE}; in hours`,
  },
  shells: ['electron'],
  method: (extent) => [
    `Rows: ${extent === 'quick' ? QUICK_CHOICE : FULL_CHOICE}. Streams of 640x360 at 15 fps in fMP4 with program date-times; the first of two sites fails for all tiles together. The contenders of a row run right after one another, in turns, each in a window of its own in the same Electron, Holdfast with all its defaults.`,
    'Gap: longest time without a new picture on top of the tile, from frame to frame, from the fault until a second after the recovery; by one meter for all, the viewer’s own, put into every window from outside. Blank: looks at the picture, one every 95 ms, that saw it black, of one colour or missing. Recovered: the picture is the other site’s (by the mark in it), moves, and stays.',
    `A tile that has not recovered ${GIVE_UP_MS[extent] / 1000} s after the fault counts as never recovered, and its gap as endless (∞).${extent === 'full' ? ` The return is waited for after the fault refused, for ${RETURN_WAIT_MS / 1000} s.` : ''}`,
    'Timelines: unrelated, the sites number and time their segments each by itself, as two installations of any VMS do; shared, both agree, as two packagers behind one encoder do. Redundant variants are made for the second.',
    `The peers go to the sites directly. Their window has web security off, since the sites allow no other origin; six connections to a host in the default settings, and without that limit in the tuned ones. ${versions()}.`,
    GAP_FAULTS.map((fault) => `* ${fault}: ${peerFaultWords(fault)}`).join('\n'),
  ],
  figures: peerFiguresSchema,
  cases: peerCases,
  runs: { quick: 1, full: 3 },
  typicalS: (what, extent) =>
    TYPICAL_S + (waitsForReturn(what, extent) ? RETURN_WAIT_MS / 2000 : 0) + (extent === 'full' ? 15 : 0),
  measuring: { kind: 'each-alone', measure: measurePeer },
  report: peerReport,
};

function versions(): string {
  return ['hls.js', 'video.js', 'shaka-player'].map((name) => `${name} ${versionOf(name)}`).join(', ');
}

/** Version of an installed package. It is read from the file, because a package need not export its package.json. */
function versionOf(name: string): string {
  const resolved = createRequire(import.meta.url).resolve(name);
  const folder = resolved.slice(0, resolved.lastIndexOf(path.join('node_modules', name)));
  const file = path.join(folder, 'node_modules', name, 'package.json');
  const { version }: { version: string } = JSON.parse(readFileSync(file, 'utf8'));
  return version;
}
