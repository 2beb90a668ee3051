import Hls, { type ErrorData, ErrorDetails, type Events } from 'hls.js/light';

/** Answers by which a site says of a file that it has none. */
const MISSING_STATUSES: ReadonlySet<number | undefined> = new Set([404, 410]);

/**
 * hls.js's own judgement of errors, but for two. A media source that broke down (a decoder error) it would
 * detach and attach anew, which blanks the element and leaves the tile black (rule 6). Here that player has
 * failed: its last picture stays, and another player takes its place.
 *
 * At a missing part it would end its loads, those of playlists as well, or change the quality. Here they go on, without it.
 */
export class PictureKeepingErrors extends Hls.DefaultConfig.errorController {
  override onErrorOut(event: Events.ERROR, data: ErrorData): void {
    if (data.details === ErrorDetails.MEDIA_SOURCE_REQUIRES_RESET) {
      delete data.errorAction;
      data.fatal = true;
    }
    if (isMissingPart(data)) delete data.errorAction;
    super.onErrorOut(event, data);
  }
}

/** Whether a site listed a part and answered that it does not have it. */
export function isMissingPart({ details, part, response }: ErrorData): boolean {
  return details === ErrorDetails.FRAG_LOAD_ERROR && part != null && MISSING_STATUSES.has(response?.code);
}
