import Hls, { type BufferAppendingData, type ErrorData, ErrorDetails, Events } from 'hls.js';
import { isMissing } from '../../shared/cause.ts';
import { causeOfResponse } from './transport.ts';

/**
 * hls.js's own handling of errors, with two exceptions. hls.js would detach a broken media source (a decoder error) and attach
 * it anew, which blanks the element and leaves the tile black (rule 6). Here the player has failed instead: its last picture
 * stays, and another player takes its place.
 *
 * At a missing part, hls.js would end all its loads, even those of playlists, or change the quality. Here the loads continue
 * without the part.
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
 * The same, with a function that sees everything that is about to be appended. hls.js (1.7.4) creates its error controller
 * before its buffer controller, so the buffer gets each piece after this function, and takes what the function leaves of it.
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

/** Whether a site listed a part and then answered that it does not have it. */
export function isMissingPart({ details, part, response }: ErrorData): boolean {
  if (details !== ErrorDetails.FRAG_LOAD_ERROR || part == null || response?.code === undefined) return false;
  return isMissing(causeOfResponse(response.code, null));
}
