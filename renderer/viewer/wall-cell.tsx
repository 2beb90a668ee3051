import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { type Camera, type PublicConfig, type Quality, streamsOf } from '../../shared/config/config.ts';
import { useTileSummaries } from '../stores/tile-summaries.ts';
import type { TileSummary } from '../stores/tile-summary.ts';
import { Tile } from '../tile/tile.tsx';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { wantedQuality } from './wanted-quality.ts';

interface Props {
  /** Id of the element, for the row that owns it. */
  readonly id: string;
  readonly config: PublicConfig;
  readonly camera: Camera | null;
  readonly tile: number;
  readonly view: string;
  readonly gridArea: string;
  readonly widthPx: number;
  readonly selected: boolean;
  /** Whether it covers the whole wall. */
  readonly alone: boolean;
  /** Whether another tile covers it: it plays on, but takes no focus. */
  readonly covered: boolean;
  readonly inTabOrder: boolean;
  select(): void;
  toggleAlone(): void;
}

/** A cell of the wall: a tile that cannot affect the others when it fails, or the message of an empty cell. */
export function WallCell({ id, camera, gridArea, alone, covered, ...rest }: Props): ReactNode {
  return (
    <div
      id={id}
      className="wall-cell"
      role="presentation"
      style={{ gridArea }}
      data-alone={alone ? '' : undefined}
      inert={covered}
    >
      {camera === null ? (
        // biome-ignore lint/a11y/useSemanticElements: a grid of pictures, not a table
        // biome-ignore lint/a11y/useFocusableInteractive: there is nothing to do in an empty cell
        <div className="empty-cell" role="gridcell">
          No camera here.
        </div>
      ) : (
        <ErrorBoundary
          key={camera.id}
          name={`Tile ${rest.tile}`}
          fallback={(error, again) => (
            <CrashedTile camera={camera} tile={rest.tile} error={error} again={again} />
          )}
        >
          <CameraTile camera={camera} {...rest} />
        </ErrorBoundary>
      )}
    </div>
  );
}

type CameraTileProps = Omit<Props, 'id' | 'camera' | 'gridArea' | 'alone' | 'covered'> & {
  readonly camera: Camera;
};

function CameraTile({ config, camera, widthPx, ...rest }: CameraTileProps): ReactNode {
  const { firstSite, hasSub } = useMemo(() => {
    const streams = streamsOf(config, camera, 'main');
    const first = streams[0];
    return {
      firstSite: { id: first?.siteId ?? '', name: first?.siteName ?? '' },
      hasSub: streams.some((stream) => stream.quality === 'sub'),
    };
  }, [config, camera]);
  const wanted = useWantedQuality(widthPx, hasSub);
  return <Tile config={config} camera={camera} wanted={wanted} firstSite={firstSite} {...rest} />;
}

function useWantedQuality(widthPx: number, hasSub: boolean): Quality {
  const [wanted, setWanted] = useState(() => wantedQuality(null, widthPx, hasSub));
  const next = wantedQuality(wanted, widthPx, hasSub);
  if (next !== wanted) setWanted(next);
  return next;
}

/** A crashed tile shows nothing, so the health strip counts it as one without video. */
const CRASHED: TileSummary = {
  phase: 'holding',
  tone: 'no-video',
  redundancy: 'unknown',
  isHeldUp: false,
  plays: false,
  pictureFault: null,
  siteName: null,
  changingOver: false,
  firstSite: null,
  lastChangeAtMs: null,
};

interface CrashedTileProps {
  readonly camera: Camera;
  readonly tile: number;
  readonly error: Error;
  again(): void;
}

function CrashedTile({ camera, tile, error, again }: CrashedTileProps): ReactNode {
  const { report, forget } = useTileSummaries.getState();
  useEffect(() => {
    report(tile, CRASHED);
    return () => forget(tile);
  }, [report, forget, tile]);
  return (
    <div className="tile-crash" role="alert" title={error.message}>
      <p>
        Camera {camera.number} {camera.name}: this tile failed.
      </p>
      <p className="tile-wide selectable">{error.message}</p>
      <button type="button" className="button" onClick={again}>
        Start it again
      </button>
    </div>
  );
}
