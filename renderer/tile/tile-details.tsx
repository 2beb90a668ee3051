import { Info } from 'lucide-react';
import { Popover } from 'radix-ui';
import type { ReactNode } from 'react';
import type { Camera } from '../../shared/config/config.ts';
import type { StreamLine, TileSnapshot } from '../stores/tile-snapshot.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { formatMs, formatTime } from '../ui/format.ts';
import { type Mark, Shape } from '../ui/shape.tsx';

interface Props {
  readonly camera: Camera;
  readonly snapshot: TileSnapshot;
  returnToPreferred(): void;
}

/** The tool that opens a tile's details, and the details. */
export function TileDetails({ camera, snapshot, returnToPreferred }: Props): ReactNode {
  return (
    <Popover.Root>
      <Popover.Trigger
        className="icon-button"
        aria-label={`Details of camera ${camera.number}`}
        title="Details"
      >
        <Info size={14} aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="panel details" align="start" sideOffset={4} collisionPadding={8}>
          <Details camera={camera} snapshot={snapshot} returnToPreferred={returnToPreferred} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Details({ camera, snapshot, returnToPreferred }: Props): ReactNode {
  const { offerReturn } = snapshot;
  return (
    <>
      <h2 className="panel-title">{cameraTitle(camera)}</h2>
      <p className="details-words">{stateWords(snapshot)}</p>
      <ul className="details-streams selectable">
        {snapshot.streams.map((stream) => (
          <li key={stream.streamId}>
            <div className="details-stream-head">
              <strong>{stream.siteName}</strong>
              <span>{stream.quality} stream</span>
              <span>{ROLE_WORDS[stream.role]}</span>
              <span data-state={stream.state}>
                <Shape tone={STATE_MARKS[stream.state]} />
                {stream.state}
              </span>
            </div>
            <p className="details-words figures">{stream.words}</p>
            {stream.lightWatch !== null && <p className="details-words">{stream.lightWatch}</p>}
          </li>
        ))}
      </ul>
      <dl className="facts selectable figures">
        {facts(snapshot).map(([term, words]) => (
          <Fact key={term} term={term} words={words} />
        ))}
      </dl>
      <div className="details-actions">
        <CopyButton label="Copy" text={() => tileDetailsText(camera, snapshot)} />
        {offerReturn !== null && (
          <button type="button" className="button" onClick={returnToPreferred}>
            Return to {offerReturn.siteName}
          </button>
        )}
      </div>
    </>
  );
}

function Fact({ term, words }: { term: string; words: string }): ReactNode {
  return (
    <>
      <dt>{term}</dt>
      <dd>{words}</dd>
    </>
  );
}

const ROLE_WORDS: Readonly<Record<StreamLine['role'], string>> = {
  shown: 'shown',
  incoming: 'coming in',
  standby: 'standby',
};

/** The shape for each state: redundancy is missing where a stream cannot be counted on. */
const STATE_MARKS: Readonly<Record<StreamLine['state'], Mark>> = {
  unknown: 'quiet',
  healthy: 'quiet',
  suspect: 'no-redundancy',
  lost: 'no-redundancy',
  validating: 'returning',
};

/** The details as plain text, for a message to the people who look after the sites. */
export function tileDetailsText(camera: Camera, snapshot: TileSnapshot): string {
  return [
    cameraTitle(camera),
    stateWords(snapshot),
    ...snapshot.streams.map(({ siteName, quality, role, state, words, lightWatch }) =>
      [`${siteName}, ${quality} stream, ${ROLE_WORDS[role]}, ${state}: ${words}`, lightWatch]
        .filter((sentence) => sentence !== null)
        .join('. '),
    ),
    ...facts(snapshot).map(([term, words]) => `${term}: ${words}`),
  ].join('\n');
}

function cameraTitle(camera: Camera): string {
  return `Camera ${camera.number} ${camera.name}`;
}

function stateWords({ words, phase }: TileSnapshot): string {
  return words ?? (phase === 'starting' ? 'Starting.' : 'All well.');
}

const RELAXED: [term: string, words: string] = [
  'Latency',
  'some seconds for now: this workstation has no processor time for low latency',
];

const HELD_TO_SUB: [term: string, words: string] = [
  'Quality',
  'sub-stream for now: this workstation’s link is too thin for the main stream',
];

function facts({
  lastChange,
  longestGapMs,
  reaction,
  isRelaxed,
  isHeldToSub,
}: TileSnapshot): [term: string, words: string][] {
  return [
    ['Last change', lastChange === null ? 'none yet' : changeWords(lastChange)],
    ['Longest gap', longestGapMs === null ? 'not measured yet' : formatMs(longestGapMs)],
    ['Reaction Time', reaction ?? 'not known yet'],
    ...(isRelaxed ? [RELAXED] : []),
    ...(isHeldToSub ? [HELD_TO_SUB] : []),
  ];
}

/** No gap is shown for the first picture: it ends none. */
function changeWords({ atMs, words, gapMs }: NonNullable<TileSnapshot['lastChange']>): string {
  const gap = gapMs === null ? '' : `, gap ${formatMs(gapMs)}`;
  return `${formatTime(new Date(atMs))} ${words}${gap}`;
}
