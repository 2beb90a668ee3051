import type { EvidenceCause } from '../../shared/cause.ts';
import type { Quality } from '../../shared/config/config.ts';
import { chooseVariant } from '../../shared/playlist/choose-variant.ts';
import type { MultivariantPlaylist } from '../../shared/playlist/playlist.ts';
import { resolveUri } from '../../shared/playlist/resolve-uri.ts';
import type { VariableSources } from '../../shared/playlist/variables.ts';
import type { CanShow } from './can-show.ts';

/** Text that looks like the id of a session. A bit rate of six digits looks the same: such variants then share one name. */
const SESSION = /[0-9a-f]{8,}(-[0-9a-f]{4,}){0,4}|\d{6,}/gi;
/** A server's answers to a session that it does not know, or does not know any more. */
const UNKNOWN_SESSION: ReadonlySet<EvidenceCause> = new Set(['http-401', 'http-403', 'http-404', 'http-410']);

/** Whether this may be the answer to an ended session. */
export function mayBeUnknownSession(cause: EvidenceCause): boolean {
  return UNKNOWN_SESSION.has(cause);
}

/**
 * The address at which a stream is requested: its root, or its child where the root is a multivariant playlist: the variant
 * that a player takes. The child's address may contain a session that ends; then the root is requested anew.
 */
export class StreamAddress {
  private child: string | null = null;
  private imported: MultivariantPlaylist['variables'] | null = null;
  private renewal: 'none' | 'under way' = 'none';

  constructor(
    private readonly root: string,
    private readonly canShow: CanShow,
  ) {}

  /** The address of the next request. */
  get current(): string {
    return this.child ?? this.root;
  }

  /** Whether that address came from a multivariant playlist. */
  get isChild(): boolean {
    return this.child !== null;
  }

  /** The sources of variables for a playlist that is read there. */
  variableSources(): VariableSources {
    if (this.child === null || this.imported === null) return { address: this.root };
    return { address: this.child, imported: this.imported };
  }

  /** @returns why the playlist cannot be followed; `null` where it can */
  choose({ variants, variables }: MultivariantPlaylist, quality: Quality): EvidenceCause | null {
    const variant = chooseVariant(variants, quality, (codecs) =>
      this.canShow(`video/mp4; codecs="${codecs}"`),
    );
    if (variant === null) return 'no-video';
    const resolved = resolveUri(this.root, variant.uri);
    if (resolved === null) return 'not-allowed';
    // It would be requested without end.
    if (resolved === this.root) return 'not-a-playlist';
    this.child = resolved;
    this.imported = variables;
    return null;
  }

  /** The root is requested next. */
  forgetChild(): void {
    this.child = null;
  }

  /**
   * The child's session may have ended: the root is requested next, and there is no evidence yet.
   * @returns false where that was done already, and the new child has not proven anything since
   */
  renew(): boolean {
    if (this.child === null || this.renewal === 'under way') return false;
    this.renewal = 'under way';
    this.child = null;
    return true;
  }

  /** The stream is alive at this address. When its session ends from now on, it may be renewed. */
  prove(): void {
    this.renewal = 'none';
  }

  /** Names the variant, the same in every session; empty for a stream without variants. */
  variantName(): string {
    return (this.child ?? '').replace(/\?.*$/s, '').replace(SESSION, '*');
  }
}
