import Hls, { type ErrorData, ErrorDetails, type Events } from 'hls.js/light';

/**
 * hls.js's own judgement of errors, but for one. A media source that broke down (a decoder error) it would
 * detach and attach anew, which blanks the element and leaves the tile black (rule 6). Here that player has
 * failed: its last picture stays, and another player takes its place.
 */
export class PictureKeepingErrors extends Hls.DefaultConfig.errorController {
  override onErrorOut(event: Events.ERROR, data: ErrorData): void {
    if (data.details === ErrorDetails.MEDIA_SOURCE_REQUIRES_RESET) {
      delete data.errorAction;
      data.fatal = true;
    }
    super.onErrorOut(event, data);
  }
}
