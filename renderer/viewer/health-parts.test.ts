import { describe, expect, it } from 'vitest';
import type { TileSummary } from '../stores/tile-summary.ts';
import { healthParts } from './health-parts.ts';

const well: TileSummary = {
  phase: 'showing',
  tone: 'quiet',
  redundancy: 'ok',
  isHeldUp: false,
  plays: true,
  pictureFault: null,
  siteName: 'Main',
  changingOver: false,
  firstSite: null,
  lastChangeAtMs: null,
};
const onBackup: TileSummary = {
  ...well,
  tone: 'backup',
  siteName: 'Backup',
  firstSite: { name: 'Main', state: 'lost' },
};
const dark: TileSummary = { ...well, phase: 'holding', tone: 'no-video', redundancy: 'none', plays: false };

const words = (tiles: readonly TileSummary[]) => healthParts(tiles).map((part) => part.words);

describe('healthParts', () => {
  it('is one quiet sentence when all is well', () => {
    expect(healthParts(Array(9).fill(well))).toEqual([{ tone: 'quiet', words: '9 cameras. All well.' }]);
    expect(words([well])).toEqual(['1 camera. All well.']);
  });

  it('says on which site the tiles are and why', () => {
    expect(healthParts([well, onBackup, onBackup])).toEqual([
      { tone: 'backup', words: '2 on Backup: no video from Main' },
    ]);
  });

  it('distinguishes a site that is coming back from one that is lost', () => {
    const returning: TileSummary = { ...onBackup, firstSite: { name: 'Main', state: 'returning' } };
    expect(healthParts([onBackup, returning])).toEqual([
      { tone: 'backup', words: '1 on Backup: no video from Main' },
      { tone: 'returning', words: '1 on Backup: Main is coming back' },
    ]);
  });

  it('does not call a wall healthy that is changing over', () => {
    expect(healthParts([well, { ...well, phase: 'switching', changingOver: true }])).toEqual([
      { tone: 'no-redundancy', words: '1 changing over' },
    ]);
  });

  it('reports frozen and black pictures, though everything else is healthy', () => {
    const faulty = (pictureFault: 'frozen' | 'black'): TileSummary => ({
      ...well,
      tone: 'picture-fault',
      pictureFault,
    });
    expect(healthParts([faulty('frozen'), well, faulty('black'), faulty('frozen')])).toEqual([
      { tone: 'picture-fault', words: '1 with a black picture' },
      { tone: 'picture-fault', words: '2 with a frozen picture' },
    ]);
  });

  it('puts the gravest part first', () => {
    const bare: TileSummary = { ...well, tone: 'no-redundancy', redundancy: 'none' };
    expect(healthParts([bare, onBackup, dark, well]).map((part) => part.tone)).toEqual([
      'no-video',
      'backup',
      'no-redundancy',
    ]);
  });

  it('counts a tile on its last site as without redundancy, but a tile without video only as that', () => {
    expect(words([{ ...onBackup, redundancy: 'none' }, dark])).toEqual([
      '1 without video',
      '1 on Backup: no video from Main',
      '1 without redundancy',
    ]);
  });

  it('counts redundancy that comes and goes separately, whether it is there at the moment or not', () => {
    const unsteady = { redundancy: 'comes-and-goes' } as const;
    expect(healthParts([{ ...well, ...unsteady }, { ...dark, ...unsteady }, well])).toEqual([
      { tone: 'no-video', words: '1 without video' },
      { tone: 'no-redundancy', words: '1 with redundancy that comes and goes' },
    ]);
  });

  it('says so when every tile is without video', () => {
    expect(words([dark, dark])).toEqual(['All 2 without video']);
  });

  it('does not call a wall healthy that has not started yet', () => {
    const starting: TileSummary = { ...well, phase: 'starting', siteName: null, plays: false };
    expect(words([starting, well])).toEqual(['1 starting']);
  });

  it('distinguishes tiles that this workstation holds up from paused ones', () => {
    const paused: TileSummary = { ...well, phase: 'suspended', plays: false };
    expect(words([{ ...paused, isHeldUp: true }, paused, well])).toEqual([
      '1 held up by this workstation',
      '1 paused',
    ]);
  });

  it('has words for a view without cameras', () => {
    expect(words([])).toEqual(['No cameras in this view.']);
  });
});
