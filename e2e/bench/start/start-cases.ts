export const START_TILES = [9, 16] as const;
export const TEMPERATURES = ['warm', 'cold'] as const;

export type StartCase =
  | {
      readonly kind: 'start';
      readonly tiles: (typeof START_TILES)[number];
      readonly temperature: (typeof TEMPERATURES)[number];
    }
  /** In a window that runs: the settings window is opened, then another view of nine tiles is shown. */
  | { readonly kind: 'window' };

export function startCaseId(what: StartCase): string {
  return what.kind === 'window' ? 'window' : `start/${what.tiles}x/${what.temperature}`;
}
