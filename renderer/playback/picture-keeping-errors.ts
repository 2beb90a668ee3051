import Hls, { type BufferAppendingData, type ErrorData, ErrorDetails, Events } from 'hls.js';
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

/**
 * The same, with a look at what is about to be appended. hls.js (1.7.4) makes its judge of errors before its buffer, which
 * therefore hears of each piece after this, and takes what this leaves of it.
 */
export function errorsAfterLook(
  look: (data: BufferAppendingData) => void,
): typeof Hls.DefaultConfig.errorController {
  return class extends PictureKeepingErrors {
    constructor(hls: Hls) {
      super(hls);
      hls.on(Events.BUFFER_APPENDING, (_event, data) => look(data));
    }
  };
}

/** Whether a site listed a part and answered that it does not have it. */
export function isMissingPart({ details, part, response }: ErrorData): boolean {
  if (details !== ErrorDetails.FRAG_LOAD_ERROR || part == null || response?.code === undefined) return false;
  return isMissing(causeOfResponse(response.code, null));
}
