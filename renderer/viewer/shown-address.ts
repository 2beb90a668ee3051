/** What a viewer window shows, as far as it is restored when its page, or the host, is started again. */
export interface Shown {
  /** `null` for the first view of the configuration. */
  readonly viewId: string | null;
  /** The tile, counted from 1, that covers the wall; `null` for the whole wall. */
  readonly aloneTile: number | null;
}

/** Reads the fragment of the window's address. Values that are not understood are ignored. */
export function shownOf(fragment: string): Shown {
  const parts = new URLSearchParams(fragment.replace(/^#/, ''));
  const alone = /^[1-9]\d?$/.exec(parts.get('alone') ?? '');
  return { viewId: parts.get('view'), aloneTile: alone === null ? null : Number(alone[0]) };
}

/** The fragment that {@link shownOf} reads, with its `#`. */
export function addressOf({ viewId, aloneTile }: Shown): string {
  const parts = new URLSearchParams();
  if (viewId !== null) parts.set('view', viewId);
  if (aloneTile !== null) parts.set('alone', String(aloneTile));
  return `#${parts}`;
}
