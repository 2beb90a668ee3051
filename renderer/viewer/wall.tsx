import { type KeyboardEvent, type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { PublicConfig, View } from '../../shared/config.ts';
import { useSelection } from '../stores/selection.ts';
import { moveOfKey, moveSelection } from './move-selection.ts';
import { WallCell } from './wall-cell.tsx';

/** `--tile-gap` of tokens.css, in CSS px. */
const TILE_GAP_PX = 2;

interface Props {
  readonly config: PublicConfig;
  readonly view: View;
}

/** The view's grid. Arrow keys select, Enter shows the selected tile alone over the others, which play on. */
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
      // Drawn before it is focused: a tile under the one that is alone takes no focus.
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
      {/* Not before the width is known: a tile begins with the quality that it keeps. */}
      {widthPx > 0 &&
        rows(cameras, view.columns).map((row, rowIndex) => (
          // biome-ignore lint/a11y/useSemanticElements: a grid of pictures, not a table
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
          // biome-ignore lint/a11y/useFocusableInteractive: focus goes to the cells
          <div key={rowIndex} className="wall-row" role="row">
            {row.map((camera, column) => {
              const tile = rowIndex * view.columns + column + 1;
              const isSelected = tile === selected;
              const isAlone = alone && isSelected;
              return (
                <WallCell
                  key={tile}
                  config={config}
                  camera={camera}
                  tile={tile}
                  view={view.name}
                  gridArea={isAlone ? '1 / 1 / -1 / -1' : `${rowIndex + 1} / ${column + 1}`}
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
        ))}
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

function rows<T>(cells: readonly T[], columns: number): T[][] {
  return Array.from({ length: Math.ceil(cells.length / columns) }, (_, row) =>
    cells.slice(row * columns, (row + 1) * columns),
  );
}

/** The element's width in CSS px, 0 before it was measured for the first time, which is before it is painted. */
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
