import { type PointerEvent, useEffect, useRef, useState } from 'react';

/** What a row of a list needs to be moved. */
export interface Reorder {
  readonly keys: readonly string[];
  readonly dragged: string | null;
  /** Moves an item to a place, counted in the new list. */
  move(key: string, to: number): void;
  /** Properties of the row that show where the dragged row would go. */
  rowProps(key: string): {
    readonly 'data-row': string;
    readonly 'data-dragged': '' | undefined;
    readonly 'data-drop': 'before' | 'after' | undefined;
  };
  handleProps(key: string): {
    onPointerDown(event: PointerEvent<HTMLElement>): void;
    onPointerMove(event: PointerEvent<HTMLElement>): void;
    onPointerUp(): void;
    onPointerCancel(): void;
  };
}

/**
 * Moves rows by a handle; Escape lets go. The rows are found by `data-row` in the handle's list (`data-rows`). Our own: the lists
 * are short and vertical, and the keyboard has the buttons beside the handle, so that little is left for a package to do.
 */
export function useReorder(keys: readonly string[], move: (key: string, to: number) => void): Reorder {
  const [drag, setDrag] = useState<{ readonly key: string; readonly to: number } | null>(null);
  const list = useRef<Element | null>(null);

  useEffect(() => {
    if (drag === null) return;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') setDrag(null);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [drag]);

  const others = drag === null ? [] : keys.filter((key) => key !== drag.key);
  const dropAt = (key: string): 'before' | 'after' | undefined => {
    if (drag === null || drag.to === keys.indexOf(drag.key)) return undefined;
    if (others[drag.to] === key) return 'before';
    return drag.to === others.length && others.at(-1) === key ? 'after' : undefined;
  };

  return {
    keys,
    dragged: drag?.key ?? null,
    move,
    rowProps: (key) => ({
      'data-row': key,
      'data-dragged': drag?.key === key ? '' : undefined,
      'data-drop': dropAt(key),
    }),
    handleProps: (key) => ({
      onPointerDown: (event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        list.current = event.currentTarget.closest('[data-rows]');
        setDrag({ key, to: keys.indexOf(key) });
      },
      onPointerMove: (event) => {
        if (drag === null) return;
        const middles = rowMiddles(list.current, drag.key);
        setDrag({ key: drag.key, to: middles.filter((middle) => middle < event.clientY).length });
      },
      onPointerUp: () => {
        if (drag !== null && drag.to !== keys.indexOf(drag.key)) move(drag.key, drag.to);
        setDrag(null);
      },
      onPointerCancel: () => setDrag(null),
    }),
  };
}

/** The vertical middles of all rows but one, CSS px from the top of the window. */
function rowMiddles(list: Element | null, except: string): number[] {
  return [...(list?.children ?? [])]
    .filter((row) => row.getAttribute('data-row') !== except)
    .map((row) => {
      const { top, height } = row.getBoundingClientRect();
      return top + height / 2;
    });
}
