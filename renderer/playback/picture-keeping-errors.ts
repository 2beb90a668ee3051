import Hls, { type ErrorData, ErrorDetails, type Events } from 'hls.js';
import { isMissing } from '../../shared/cause.ts';
import { causeOfResponse } from './transport.ts';

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
  if (details !== ErrorDetails.FRAG_LOAD_ERROR || part == null || response?.code === undefined) return false;
  return isMissing(causeOfResponse(response.code, null));
}
