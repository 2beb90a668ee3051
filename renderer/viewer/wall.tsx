import { type KeyboardEvent, type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { PublicConfig, View } from '../../shared/config/config.ts';
import { useSelection } from '../stores/selection.ts';
import { moveOfKey, moveSelection } from './move-selection.ts';
import { WallCell } from './wall-cell.tsx';

/** `--tile-gap` of tokens.css, in CSS px. */
const TILE_GAP_PX = 2;

interface Props {
  readonly config: PublicConfig;
  readonly view: View;
}

/** The view's grid. Arrow keys select; Enter shows the selected tile alone over the others, which play on. */
export function Wall({ config, view }: Props): ReactNode {
  const { selected, alone, select, showAlone, showAll } = useSelection();
  const wallRef = useRef<HTMLDivElement>(null);
  const widthPx = useWidthPx(wallRef);
  const cameras = useMemo(() => camerasOf(config, view), [config, view]);
  const occupied = cameras.map((camera) => camera !== null);
  const tabStop = selected ?? occupied.indexOf(true) + 1;
  const tileWidthPx = (widthPx - TILE_GAP_PX * (view.columns - 1)) / view.columns;

  const toggleAlone = (tile: number): void => (alone ? showAll() : showAlone(tile));
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const focused = event.target instanceof HTMLElement ? Number(event.target.dataset.tile) : Number.NaN;
    if (!Number.isInteger(focused)) return;
    const move = moveOfKey(event.key);
    if (event.key === 'Enter') toggleAlone(focused);
    else if (move !== null) {
      const next = moveSelection({ columns: view.columns, rows: view.rows, occupied }, focused, move);
      // It has to be drawn before it gets the focus: a tile under the one that is shown alone takes no focus.
      flushSync(() => select(next));
      wallRef.current?.querySelector<HTMLElement>(`[data-tile="${next}"]`)?.focus();
    } else return;
    event.preventDefault();
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a grid of pictures, not a table
    <div
      ref={wallRef}
      className="wall"
      role="grid"
      aria-label={view.name}
      tabIndex={-1}
      style={{
        gridTemplateColumns: `repeat(${view.columns}, minmax(0, 1fr))`,
        gridTemplateRows: `repeat(${view.rows}, minmax(0, 1fr))`,
      }}
      onKeyDown={onKeyDown}
    >
      {/* Not before the width is known: it decides the quality with which a tile begins. */}
      {widthPx > 0 &&
        Array.from({ length: view.rows }, (_, row) => (
          // biome-ignore lint/a11y/useSemanticElements: a grid of pictures, not a table
          // biome-ignore lint/a11y/useFocusableInteractive: focus goes to the cells
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
            key={row}
            className="wall-row"
            role="row"
            aria-owns={Array.from({ length: view.columns }, (_, column) =>
              cellId(row * view.columns + column + 1),
            ).join(' ')}
          />
        ))}
      {widthPx > 0 &&
        cellsInOrder(cameras).map(({ key, camera, tile }) => {
          const isSelected = tile === selected;
          const isAlone = alone && isSelected;
          const row = Math.floor((tile - 1) / view.columns) + 1;
          return (
            <WallCell
              key={key}
              id={cellId(tile)}
              config={config}
              camera={camera}
              tile={tile}
              view={view.name}
              gridArea={isAlone ? '1 / 1 / -1 / -1' : `${row} / ${((tile - 1) % view.columns) + 1}`}
              widthPx={isAlone ? widthPx : tileWidthPx}
              selected={isSelected}
              alone={isAlone}
              covered={alone && !isSelected}
              inTabOrder={tile === tabStop}
              select={() => select(tile)}
              toggleAlone={() => toggleAlone(tile)}
            />
          );
        })}
    </div>
  );
}

function camerasOf(config: PublicConfig, view: View): (PublicConfig['cameras'][number] | null)[] {
  const byId = new Map(config.cameras.map((camera) => [camera.id, camera]));
  return Array.from({ length: view.columns * view.rows }, (_, index) => {
    const cameraId = view.cells[index];
    return typeof cameraId === 'string' ? (byId.get(cameraId) ?? null) : null;
  });
}

interface Cell {
  /** The same for the same camera wherever it is, so that its picture moves with it when the view is edited. */
  readonly key: string;
  readonly camera: PublicConfig['cameras'][number] | null;
  /** Number of the cell, counted from 1, row by row. */
  readonly tile: number;
}

/**
 * The cells in the order of their keys. The areas of the grid give them their places. So an edit never moves an element within
 * the document: a video that is moved there stops.
 */
function cellsInOrder(cameras: readonly Cell['camera'][]): Cell[] {
  const shown = new Map<string, number>();
  return cameras
    .map((camera, index) => {
      const tile = index + 1;
      if (camera === null) return { key: `empty ${tile}`, camera, tile };
      const nth = (shown.get(camera.id) ?? 0) + 1;
      shown.set(camera.id, nth);
      return { key: `camera ${camera.id} ${nth}`, camera, tile };
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

function cellId(tile: number): string {
  return `cell-${tile}`;
}

/** The element's width in CSS px; 0 before the first measurement, which comes before the first paint. */
function useWidthPx(ref: { readonly current: HTMLElement | null }): number {
  const [widthPx, setWidthPx] = useState(0);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const measure = (): void => setWidthPx(element.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return widthPx;
}
