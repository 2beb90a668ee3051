import type { EvidenceCause } from '../../shared/cause.ts';
import type { Quality } from '../../shared/config/config.ts';
import { chooseVariant } from '../../shared/playlist/choose-variant.ts';
import type { MultivariantPlaylist } from '../../shared/playlist/playlist.ts';
import { resolveUri } from '../../shared/playlist/resolve-uri.ts';
import type { VariableSources } from '../../shared/playlist/variables.ts';
import type { CanShow } from './can-show.ts';

/** What looks like the id of a session. A bit rate of six digits looks the same: such variants then have one name. */
const SESSION = /[0-9a-f]{8,}(-[0-9a-f]{4,}){0,4}|\d{6,}/gi;
/** What a server answers to a session that it does not know, or not any more. */
const UNKNOWN_SESSION: ReadonlySet<EvidenceCause> = new Set(['http-401', 'http-403', 'http-404', 'http-410']);

/** Whether this may be the answer to a session that is over. */
export function mayBeUnknownSession(cause: EvidenceCause): boolean {
  return UNKNOWN_SESSION.has(cause);
}

/**
 * Where a stream is asked for: at its root, and where that is a multivariant playlist at the variant that a player takes, its
 * child. The child's address may hold a session that ends, so that the root is asked anew then.
 */
export class StreamAddress {
  private child: string | null = null;
  private imported: MultivariantPlaylist['variables'] | null = null;
  private renewal: 'none' | 'under way' = 'none';

  constructor(
    private readonly root: string,
    private readonly canShow: CanShow,
  ) {}

  /** What is to be asked next. */
  get current(): string {
    return this.child ?? this.root;
  }

  /** Whether what is asked next came out of a multivariant playlist. */
  get isChild(): boolean {
    return this.child !== null;
  }

  /** What a playlist that is read there may take variables from. */
  variableSources(): VariableSources {
    if (this.child === null || this.imported === null) return { address: this.root };
    return { address: this.child, imported: this.imported };
  }

  /** @returns why the playlist leads nowhere; `null` when it does */
  choose({ variants, variables }: MultivariantPlaylist, quality: Quality): EvidenceCause | null {
    const variant = chooseVariant(variants, quality, (codecs) =>
      this.canShow(`video/mp4; codecs="${codecs}"`),
    );
    if (variant === null) return 'no-video';
    const resolved = resolveUri(this.root, variant.uri);
    if (resolved === null) return 'not-allowed';
    // It would be asked without end.
    if (resolved === this.root) return 'not-a-playlist';
    this.child = resolved;
    this.imported = variables;
    return null;
  }

  /** The root is asked next. */
  forgetChild(): void {
    this.child = null;
  }

  /**
   * The child's session may be over: the root is asked next, which is no evidence.
   * @returns false where that was done already, and the new child has not proven anything since
   */
  renew(): boolean {
    if (this.child === null || this.renewal === 'under way') return false;
    this.renewal = 'under way';
    this.child = null;
    return true;
  }

  /** The stream is alive where it is asked for: a session that ends from now on may be renewed. */
  prove(): void {
    this.renewal = 'none';
  }

  /** Which variant it is, the same in every session; empty for a stream that has only itself. */
  variantName(): string {
    return (this.child ?? '').replace(/\?.*$/s, '').replace(SESSION, '*');
  }
}
