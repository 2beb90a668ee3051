import Hls, { type BufferAppendingData, type ErrorData, ErrorDetails, ErrorTypes, Events } from 'hls.js';
import { describe, expect, it, vi } from 'vitest';
import { errorsAfterLook, PictureKeepingErrors } from './picture-keeping-errors.ts';

/** How hls.js handles an error: what its listeners get, and whether it detached its element. */
function answerTo(
  details: ErrorDetails,
  more: Partial<ErrorData> = {},
): { received: ErrorData | undefined; detached: boolean } {
  const hls = new Hls({ errorController: PictureKeepingErrors });
  const recover = vi.spyOn(hls, 'recoverMediaError');
  const detach = vi.spyOn(hls, 'detachMedia');
  let received: ErrorData | undefined;
  hls.on(Events.ERROR, (_event, data) => {
    received = data;
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
  return { received, detached };
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
  it('reports a broken media source as fatal, and does not blank its element', () => {
    const { received, detached } = answerTo(ErrorDetails.MEDIA_SOURCE_REQUIRES_RESET);
    expect({ fatal: received?.fatal, detached }).toEqual({ fatal: true, detached: false });
  });

  it('leaves other errors to hls.js', () => {
    expect(answerTo(ErrorDetails.BUFFER_NUDGE_ON_STALL).received?.fatal).toBe(false);
  });

  it.each([404, 410])('ends no loads because of a missing part (%i)', (status) => {
    const { received } = answerTo(ErrorDetails.FRAG_LOAD_ERROR, answered(status, { index: 1 }));
    expect(received?.fatal).toBe(false);
  });

  it.each([
    ['a part that its site cannot send now', 503, { index: 1 }],
    ['a missing segment', 404, null],
  ])('ends the loads because of %s', (_words, status, part) => {
    expect(answerTo(ErrorDetails.FRAG_LOAD_ERROR, answered(status, part)).received?.fatal).toBe(true);
  });
});

describe('the function that sees what is appended', () => {
  it('is called before the buffer takes it', () => {
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
