import Hls, { type ErrorData, ErrorDetails, ErrorTypes, Events } from 'hls.js/light';
import { describe, expect, it, vi } from 'vitest';
import { PictureKeepingErrors } from './picture-keeping-errors.ts';

/** What the listeners of an hls.js instance are told of an error, and whether it let go of its element. */
function answerTo(details: ErrorDetails): { told: ErrorData | undefined; detached: boolean } {
  const hls = new Hls({ errorController: PictureKeepingErrors });
  const recover = vi.spyOn(hls, 'recoverMediaError');
  const detach = vi.spyOn(hls, 'detachMedia');
  let told: ErrorData | undefined;
  hls.on(Events.ERROR, (_event, data) => {
    told = data;
  });
  hls.trigger(Events.ERROR, {
    type: ErrorTypes.MEDIA_ERROR,
    details,
    fatal: false,
    error: new Error('broken'),
  });
  const detached = recover.mock.calls.length + detach.mock.calls.length > 0;
  hls.destroy();
  return { told, detached };
}

describe('PictureKeepingErrors', () => {
  it('says that a broken media source is fatal, and does not blank its element', () => {
    const { told, detached } = answerTo(ErrorDetails.MEDIA_SOURCE_REQUIRES_RESET);
    expect({ fatal: told?.fatal, detached }).toEqual({ fatal: true, detached: false });
  });

  it('leaves other errors to hls.js', () => {
    expect(answerTo(ErrorDetails.BUFFER_NUDGE_ON_STALL).told?.fatal).toBe(false);
  });
});
