import type { GatewayReason } from '../../../shared/gateway/gateway-contract.ts';
import { rebuildPlaylist } from './playlist-rebuild.ts';
import { newestText } from './playlist-text.ts';
import type { HiddenToken } from './query-token.ts';
import type { ListSite, PlainTarget, SiteBases } from './site-bases.ts';

/** A playlist that is to be made safe and usable for the page, as far as it can be told to another thread. */
export interface ListErrand {
  readonly siteName: string;
  readonly asked: PlainTarget;
  /** What answered, after redirects. */
  readonly answered: PlainTarget;
  readonly token: HiddenToken | null;
  /** Whether it begins as a playlist does. */
  readonly isPlaylist: boolean;
}

/** To the worker of a site's lists. The pieces of a list are sent one after the other, each when the one before was taken. */
export type ToListWorker =
  | { readonly kind: 'begin'; readonly list: number; readonly errand: ListErrand }
  | { readonly kind: 'piece'; readonly list: number; readonly bytes: Uint8Array }
  | { readonly kind: 'end'; readonly list: number }
  /** Nobody waits for it any more. */
  | { readonly kind: 'drop'; readonly list: number };

/** From that worker. Each list that was begun is answered once by `done` or `failed`, a dropped one as well. */
export type FromListWorker =
  | { readonly kind: 'taken'; readonly list: number }
  | { readonly kind: 'done'; readonly list: number; readonly text: string }
  | {
      readonly kind: 'failed';
      readonly list: number;
      /** `null` for an error that nobody foresaw. */
      readonly reason: GatewayReason | null;
      readonly message: string;
    };

/** What the worker is started with. */
export interface ListWorkerData {
  readonly site: ListSite;
}

/**
 * Reads a site's playlist and writes it anew.
 * @param pieces of the playlist
 * @throws GatewayFailure `too-large`, and whatever `pieces` fails with; the signal's reason
 */
export async function workOnList(
  pieces: AsyncIterable<Uint8Array>,
  { siteName, asked, answered, token, isPlaylist }: ListErrand,
  bases: SiteBases,
  signal: AbortSignal,
): Promise<string> {
  const text = await newestText(pieces, isPlaylist, siteName);
  return rebuildPlaylist(text, {
    siteName,
    bases,
    asked: bases.targetOf(asked),
    answered: bases.targetOf(answered),
    token,
    signal,
  });
}
