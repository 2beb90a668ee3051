import type { TileSummary } from '../stores/tile-summary.ts';
import type { Mark } from '../ui/shape.tsx';

/** One part of the health strip. */
export interface HealthPart {
  readonly tone: Mark;
  readonly words: string;
}

/** The health strip in words, the gravest part first. One quiet part when nothing needs attention. */
export function healthParts(tiles: readonly TileSummary[]): HealthPart[] {
  if (tiles.length === 0) return [{ tone: 'quiet', words: 'No cameras in this view.' }];

  const withoutVideo = tiles.filter((tile) => tile.tone === 'no-video').length;
  const withRedundancy = (redundancy: TileSummary['redundancy']): number =>
    tiles.filter((tile) => tile.redundancy === redundancy && tile.tone !== 'no-video').length;
  const withoutRedundancy = withRedundancy('none');
  const unsteady = withRedundancy('comes-and-goes');
  const starting = tiles.filter((tile) => tile.phase === 'starting' && tile.tone !== 'no-video').length;
  const changingOver = tiles.filter((tile) => tile.changingOver).length;
  const heldUp = tiles.filter((tile) => tile.isHeldUp).length;
  const paused = tiles.filter((tile) => tile.phase === 'suspended' && !tile.isHeldUp).length;

  const parts: HealthPart[] = [];
  if (withoutVideo > 0) {
    const all = withoutVideo === tiles.length && withoutVideo > 1;
    parts.push({ tone: 'no-video', words: `${all ? 'All ' : ''}${withoutVideo} without video` });
  }
  for (const fault of ['black', 'frozen'] as const) {
    const count = tiles.filter(({ pictureFault }) => pictureFault === fault).length;
    if (count > 0) parts.push({ tone: 'picture-fault', words: `${count} with a ${fault} picture` });
  }
  if (heldUp > 0) parts.push({ tone: 'no-redundancy', words: `${heldUp} held up by this workstation` });
  if (changingOver > 0) parts.push({ tone: 'no-redundancy', words: `${changingOver} changing over` });
  parts.push(...onBackup(tiles, ['lost'], 'backup'));
  if (withoutRedundancy > 0)
    parts.push({ tone: 'no-redundancy', words: `${withoutRedundancy} without redundancy` });
  if (unsteady > 0)
    parts.push({ tone: 'no-redundancy', words: `${unsteady} with redundancy that comes and goes` });
  parts.push(...onBackup(tiles, ['returning', 'back'], 'returning'));
  if (starting > 0) parts.push({ tone: 'quiet', words: `${starting} starting` });
  if (paused > 0) parts.push({ tone: 'quiet', words: `${paused} paused` });
  if (parts.length > 0) return parts;
  return [
    { tone: 'quiet', words: `${tiles.length} ${tiles.length === 1 ? 'camera' : 'cameras'}. All well.` },
  ];
}

type FirstSiteState = NonNullable<TileSummary['firstSite']>['state'];

/** Tiles on a backup whose first site is in one of the states, counted by their site and the reason. */
function onBackup(
  tiles: readonly TileSummary[],
  states: readonly FirstSiteState[],
  mark: Mark,
): HealthPart[] {
  const counts = new Map<string, number>();
  for (const { tone, siteName, firstSite } of tiles) {
    if (tone !== 'backup' || siteName === null || firstSite === null || !states.includes(firstSite.state))
      continue;
    const words = `on ${siteName}: ${FIRST_SITE_WORDS[firstSite.state](firstSite.name)}`;
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts].map(([words, count]) => ({ tone: mark, words: `${count} ${words}` }));
}

const FIRST_SITE_WORDS: Readonly<Record<FirstSiteState, (name: string) => string>> = {
  lost: (name) => `no video from ${name}`,
  returning: (name) => `${name} is coming back`,
  back: (name) => `${name} is back`,
};
