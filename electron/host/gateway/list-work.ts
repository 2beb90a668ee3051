import type { GatewayReason } from '../../../shared/gateway/gateway-contract.ts';
import { rebuildPlaylist } from './playlist-rebuild.ts';
import { newestText } from './playlist-text.ts';
import type { HiddenToken } from './query-token.ts';
import type { ListSite, PlainTarget, SiteBases } from './site-bases.ts';

/** The work to make a playlist safe and usable for the page, as plain data for another thread. */
export interface ListJob {
  readonly siteName: string;
  readonly asked: PlainTarget;
  /** The address that answered, after redirects. */
  readonly answered: PlainTarget;
  readonly token: HiddenToken | null;
  /** Whether its first bytes are those of a playlist. */
  readonly isPlaylist: boolean;
}

/** Messages to the worker of a site's playlists. Each piece of a playlist is sent when the one before was taken. */
export type ToListWorker =
  | { readonly kind: 'begin'; readonly list: number; readonly job: ListJob }
  | { readonly kind: 'piece'; readonly list: number; readonly bytes: Uint8Array }
  | { readonly kind: 'end'; readonly list: number }
  /** Nobody waits for the playlist any more. */
  | { readonly kind: 'drop'; readonly list: number };

/**
 * Messages from that worker. Each playlist that was begun, also a dropped one, is answered once by `done` or `failed`.
 */
export type FromListWorker =
  | { readonly kind: 'taken'; readonly list: number }
  | { readonly kind: 'done'; readonly list: number; readonly text: string }
  | {
      readonly kind: 'failed';
      readonly list: number;
      /** `null` for an unexpected error. */
      readonly reason: GatewayReason | null;
      readonly message: string;
    };

/** What the worker gets at its start. */
export interface ListWorkerData {
  readonly site: ListSite;
}

/**
 * Reads a site's playlist and rebuilds it for the page.
 * @param pieces the playlist's text, in pieces
 * @throws GatewayFailure `too-large`; whatever `pieces` fails with; the signal's reason
 */
export async function workOnList(
  pieces: AsyncIterable<Uint8Array>,
  { siteName, asked, answered, token, isPlaylist }: ListJob,
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
