import './tile.css';
import { type MouseEvent, type ReactNode, useEffect } from 'react';
import type { Camera, PublicConfig, Quality } from '../../shared/config/config.ts';
import { useAlarms } from '../stores/alarms.ts';
import type { TileSnapshot } from '../stores/tile-snapshot.ts';
import { useTileSummaries } from '../stores/tile-summaries.ts';
import {
  type FirstSite,
  redundancyToShow,
  type ShownRedundancy,
  summarise,
  type Tone,
  toneOf,
} from '../stores/tile-summary.ts';
import { formatAge } from '../ui/format.ts';
import { Shape } from '../ui/shape.tsx';
import { redundancyTurns } from '../words/alarm-lines.ts';
import { AlarmMark } from './alarm-mark.tsx';
import { TileDetails } from './tile-details.tsx';
import { type StreamSelector, useStreamSelector } from './use-stream-selector.ts';

interface Props {
  readonly config: PublicConfig;
  readonly camera: Camera;
  /** Number of the cell, counted from 1, row by row. */
  readonly tile: number;
  /** The view's name. */
  readonly view: string;
  readonly wanted: Quality;
  readonly firstSite: FirstSite;
  readonly selected: boolean;
  /** Whether the Tab key leads here: only one tile of the wall at a time. */
  readonly inTabOrder: boolean;
  select(): void;
  toggleAlone(): void;
}

/** One cell of the wall: one camera, from the site that serves it best. */
export function Tile(props: Props): ReactNode {
  const { config, camera, tile, view, wanted } = props;
  return <DrawnTile {...props} {...useStreamSelector(camera, { config, tile, view, wanted })} />;
}

/** A tile as its snapshot says, whatever the snapshot comes from. */
export function DrawnTile({
  snapshot,
  stageRef,
  returnToPreferred,
  ...props
}: Omit<Props, 'view' | 'wanted'> & StreamSelector): ReactNode {
  const { config, camera, tile, firstSite } = props;
  const turns = useAlarms(({ alarms }) => redundancyTurns(alarms, camera.id, new Date()));
  const redundancy = redundancyToShow(snapshot, turns !== null);
  useSummary(tile, snapshot, firstSite, redundancy);
  const tone = toneOf(snapshot);
  const { site } = snapshot;

  const toggleUnlessOnTool = (event: MouseEvent<HTMLElement>): void => {
    // Events of the details, which are elsewhere in the document, arrive here as well.
    const target = event.target;
    if (!(target instanceof Element) || !event.currentTarget.contains(target)) return;
    if (target.closest('button') === null) props.toggleAlone();
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: the wall is a grid of its own, not a table
    <div
      role="gridcell"
      className="tile"
      tabIndex={props.inTabOrder ? 0 : -1}
      aria-selected={props.selected}
      aria-label={label(camera, snapshot, tone, redundancy)}
      data-tile={tile}
      data-camera={camera.id}
      data-phase={snapshot.phase}
      data-site={site?.id ?? ''}
      data-rank={site?.rank ?? ''}
      data-quality={site?.quality ?? ''}
      data-live={snapshot.live}
      data-redundancy={snapshot.redundancy}
      data-longest-gap-ms={snapshot.longestGapMs ?? ''}
      onFocus={props.select}
      onDoubleClick={toggleUnlessOnTool}
    >
      <div className="tile-stage" ref={stageRef} />
      {tone === 'no-video' && snapshot.hasPicture && <div className="tile-veil" />}
      {!snapshot.hasPicture && <DarkMessage snapshot={snapshot} tone={tone} />}
      <div className="tile-badges">
        <AlarmMark cameraId={camera.id} names={config} />
        <Badges snapshot={snapshot} tone={tone} redundancy={redundancy} />
      </div>
      <div className="tile-caption">
        <div className="tile-words">
          {snapshot.hasPicture && (
            <StateLine
              snapshot={snapshot}
              tone={tone}
              words={stateWords(snapshot, tone, redundancy === 'comes-and-goes' ? turns : null)}
            />
          )}
          <p className="tile-name" title={camera.name}>
            <span className="tile-number figures">{camera.number}</span>
            <span>{camera.name}</span>
          </p>
        </div>
        {snapshot.offerReturn !== null && (
          <button type="button" className="button" onClick={returnToPreferred}>
            Return to {snapshot.offerReturn.siteName}
          </button>
        )}
      </div>
      <div className="tile-tools">
        <TileDetails camera={camera} snapshot={snapshot} returnToPreferred={returnToPreferred} />
      </div>
      <div className="tile-frame" />
    </div>
  );
}

/** A tile without any picture says why it is dark. */
function DarkMessage({ snapshot, tone }: { snapshot: TileSnapshot; tone: Tone }): ReactNode {
  const short = tone === 'no-video' ? 'No video from any site' : 'Waiting for a picture';
  const words = snapshot.words ?? short;
  return (
    <p className="tile-message figures" title={words}>
      <span className="tile-wide">{words}</span>
      <span className="tile-narrow">{short}</span>
    </p>
  );
}

/** The state line of a standby that comes and goes does not change with it, unless there is something else to say. */
function stateWords({ words }: TileSnapshot, tone: Tone, turns: string | null): string | null {
  const isOfStandby = tone === 'no-redundancy' || (tone === 'quiet' && words === null);
  return turns !== null && isOfStandby ? `Standby comes and goes: ${turns}` : words;
}

interface StateLineProps {
  readonly snapshot: TileSnapshot;
  readonly tone: Tone;
  readonly words: string | null;
}

function StateLine({ snapshot, tone, words }: StateLineProps): ReactNode {
  const { lastPictureAgeS } = snapshot;
  const age =
    lastPictureAgeS !== null && (lastPictureAgeS > 0 || tone === 'no-video') ? lastPictureAgeS : null;
  return (
    <>
      {words !== null && <p className="tile-state tile-state-words figures">{words}</p>}
      {age !== null && (
        <p className="tile-state tile-age figures">
          <span>
            <span className="tile-wide">last picture </span>
            {formatAge(age)} ago
          </span>
        </p>
      )}
    </>
  );
}

interface BadgesProps {
  readonly snapshot: TileSnapshot;
  readonly tone: Tone;
  readonly redundancy: ShownRedundancy;
}

function Badges({ snapshot, tone, redundancy }: BadgesProps): ReactNode {
  const { site, live, pictureFault } = snapshot;
  const redundancyWords = REDUNDANCY_WORDS[redundancy];
  return (
    <>
      {live && (
        <span className="tile-badge tile-live" data-tone="quiet">
          LIVE
        </span>
      )}
      {redundancyWords !== null && tone !== 'no-video' && (
        <Badge
          tone="no-redundancy"
          words={redundancyWords}
          beside={tone === 'backup' || tone === 'picture-fault' || redundancy === 'comes-and-goes'}
        />
      )}
      {tone === 'picture-fault' && pictureFault !== null && (
        <Badge tone="picture-fault" words={FAULT_WORDS[pictureFault]} />
      )}
      {tone === 'no-video' ? (
        <Badge tone="no-video" words="No video" />
      ) : (
        site !== null && <Badge tone={site.rank > 0 ? 'backup' : 'quiet'} words={site.name} />
      )}
    </>
  );
}

/** @param beside another badge comes first, whose words take more room, or the same words are in the state line */
function Badge({ tone, words, beside = false }: { tone: Tone; words: string; beside?: boolean }): ReactNode {
  const hidden = beside ? 'tile-roomy' : tone === 'quiet' ? undefined : 'tile-wide';
  return (
    <span className="tile-badge" data-tone={tone} title={words}>
      <Shape tone={tone} />
      <span className={hidden}>{words}</span>
    </span>
  );
}

const FAULT_WORDS: Readonly<Record<NonNullable<TileSnapshot['pictureFault']>, string>> = {
  frozen: 'Frozen picture',
  black: 'Black picture',
};

/** What is missing; `null` where nothing is. */
const REDUNDANCY_WORDS: Readonly<Record<ShownRedundancy, string | null>> = {
  none: 'No redundancy',
  'comes-and-goes': 'Redundancy comes and goes',
  ok: null,
  single: null,
  unknown: null,
};

function label(camera: Camera, snapshot: TileSnapshot, tone: Tone, redundancy: ShownRedundancy): string {
  const { site, live, pictureFault } = snapshot;
  const redundancyWords = REDUNDANCY_WORDS[redundancy];
  const parts = [`Camera ${camera.number} ${camera.name}`];
  if (tone === 'no-video') parts.push('no video');
  else if (site !== null) parts.push(`on ${site.name}`);
  if (live) parts.push('live');
  if (tone === 'picture-fault' && pictureFault !== null) parts.push(FAULT_WORDS[pictureFault].toLowerCase());
  if (redundancyWords !== null && tone !== 'no-video') parts.push(redundancyWords.toLowerCase());
  return parts.join(', ');
}

function useSummary(
  tile: number,
  snapshot: TileSnapshot,
  firstSite: FirstSite,
  redundancy: ShownRedundancy,
): void {
  const { report, forget } = useTileSummaries.getState();
  useEffect(
    () => report(tile, summarise(snapshot, firstSite, redundancy)),
    [report, tile, snapshot, firstSite, redundancy],
  );
  useEffect(() => () => forget(tile), [forget, tile]);
}
