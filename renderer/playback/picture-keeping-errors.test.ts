import Hls, { type BufferAppendingData, type ErrorData, ErrorDetails, ErrorTypes, Events } from 'hls.js';
import { describe, expect, it, vi } from 'vitest';
import { errorsAfterLook, PictureKeepingErrors } from './picture-keeping-errors.ts';

/** What the listeners of an hls.js instance are told of an error, and whether it let go of its element. */
function answerTo(
  details: ErrorDetails,
  more: Partial<ErrorData> = {},
): { told: ErrorData | undefined; detached: boolean } {
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
    ...more,
  });
  const detached = recover.mock.calls.length + detach.mock.calls.length > 0;
  hls.destroy();
  return { told, detached };
}

/** An answer to a request for a part, or for a whole segment. */
function answered(code: number, part: object | null): Partial<ErrorData> {
  return {
    type: ErrorTypes.NETWORK_ERROR,
    frag: { type: 'main', level: 0, sn: 7 },
    part,
    response: { url: '', data: undefined, code },
  } as unknown as Partial<ErrorData>;
}

describe('PictureKeepingErrors', () => {
  it('says that a broken media source is fatal, and does not blank its element', () => {
    const { told, detached } = answerTo(ErrorDetails.MEDIA_SOURCE_REQUIRES_RESET);
    expect({ fatal: told?.fatal, detached }).toEqual({ fatal: true, detached: false });
  });

  it('leaves other errors to hls.js', () => {
    expect(answerTo(ErrorDetails.BUFFER_NUDGE_ON_STALL).told?.fatal).toBe(false);
  });

  it.each([404, 410])('ends no loads at a part that is missing (%i)', (status) => {
    const { told } = answerTo(ErrorDetails.FRAG_LOAD_ERROR, answered(status, { index: 1 }));
    expect(told?.fatal).toBe(false);
  });

  it.each([
    ['a part that its site cannot give now', 503, { index: 1 }],
    ['a missing segment', 404, null],
  ])('ends them at %s', (_words, status, part) => {
    expect(answerTo(ErrorDetails.FRAG_LOAD_ERROR, answered(status, part)).told?.fatal).toBe(true);
  });
});

describe('a look at what is appended', () => {
  it('comes before the buffer takes it', () => {
    const buffer = Hls.DefaultConfig.bufferController?.prototype as unknown as {
      onBufferAppending(event: string, data: { data: Uint8Array }): void;
    };
    const appended = vi.spyOn(buffer, 'onBufferAppending').mockImplementation(() => {});
    const hls = new Hls({
      errorController: errorsAfterLook((piece) => {
        piece.data = new Uint8Array(0);
      }),
    });
    hls.trigger(Events.BUFFER_APPENDING, { data: new Uint8Array(7) } as BufferAppendingData);
    hls.destroy();
    expect(appended.mock.calls.map(([, { data }]) => data.length)).toEqual([0]);
  });
});
