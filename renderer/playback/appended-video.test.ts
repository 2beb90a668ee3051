import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { AppendedVideo } from './appended-video.ts';

function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../../shared/media/fixtures/${name}`, import.meta.url)));
}

/** The bytes from one box to the next of its kind, or the end. */
function boxOf(bytes: Uint8Array, type: string, nth = 0): number {
  let at = -1;
  for (let i = 0; i <= nth; i += 1) at = Buffer.from(bytes).indexOf(type, at + 1, 'latin1');
  return at - 4;
}

const INIT = fixture('cmaf-init.mp4');
/** Three chunks of five pictures at 15 a second; the first picture is a key frame. */
const MEDIA = fixture('cmaf.m4s');

let video: AppendedVideo;
beforeEach(() => {
  video = new AppendedVideo();
});

describe('video that is appended', () => {
  it('lies where its times and the buffer’s offset put it', () => {
    expect(video.read(INIT, 0)).toBeNull();
    const piece = video.read(MEDIA, 100);
    expect(piece?.startS).toBeCloseTo(100);
    expect(piece?.endS).toBeCloseTo(101);
    expect(piece?.keyFramesS).toEqual([100]);
  });

  it('has key frames by what its NAL units are, whatever the flags say', () => {
    video.read(INIT, 0);
    const secondChunk = boxOf(MEDIA, 'moof', 1);
    expect(video.read(MEDIA.slice(secondChunk), 0)?.keyFramesS).toEqual([]);
    const unitAt = boxOf(MEDIA, 'mdat', 1) + 12;
    const asKeyFrame = MEDIA.slice();
    // An IDR picture (H.264, NAL unit type 5) in the place of the first picture that is not one.
    asKeyFrame[unitAt] = 0x65;
    expect(video.read(asKeyFrame.slice(secondChunk), 0)?.keyFramesS).toEqual([expect.closeTo(1 / 3, 4)]);
  });

  it('is found beside the sound, by the initialisation section of both', () => {
    video.read(fixture('h264-aac-init.mp4'), 0);
    const piece = video.read(fixture('h264-aac.m4s'), 0);
    expect(piece?.startS).toBeCloseTo(1);
    expect(piece?.keyFramesS).toHaveLength(1);
  });

  it('in H.265 has key frames as well', () => {
    const file = fixture('hevc.mp4');
    expect(video.read(file, 0)?.keyFramesS.length).toBeGreaterThan(0);
  });

  it('is shown earlier by the time that the edit list cuts off, as in Chromium', () => {
    const edited = new DataView(INIT.slice().buffer);
    const list = boxOf(INIT, 'elst');
    // Version 0 with one edit: its duration, then where it begins, in 15360 a second.
    edited.setInt32(list + 8 + 12, 7680);
    video.read(new Uint8Array(edited.buffer), 0);
    expect(video.read(MEDIA, 100)?.keyFramesS).toEqual([99.5]);
  });

  it.each([
    ['nothing but sound', () => fixture('aac.mp4')],
    ['media before its initialisation section', () => MEDIA],
    ['no bytes', () => new Uint8Array()],
  ])('is not found in %s', (_words, bytes) => {
    expect(video.read(bytes(), 0)).toBeNull();
  });

  it('that announces more samples than can be read, or repeats the same ones, is passed over', () => {
    video.read(INIT, 0);
    const end = boxOf(MEDIA, 'moof', 1);
    const head = boxOf(MEDIA, 'mdat');
    const [moof, mdat] = [MEDIA.slice(0, head), MEDIA.slice(head, end)];
    const run = boxOf(moof, 'trun');
    const runEnd = run + new DataView(moof.buffer).getUint32(run);
    // The run is listed a thousand times.
    const copies = 1000;
    const runs = Array.from({ length: copies }, () => moof.slice(run, runEnd));
    const many = new Uint8Array(Buffer.concat([moof.slice(0, run), ...runs, moof.slice(runEnd), mdat]));
    const view = new DataView(many.buffer);
    for (const at of [boxOf(many, 'moof'), boxOf(many, 'traf')])
      view.setUint32(at, view.getUint32(at) + (copies - 1) * (runEnd - run));
    expect(video.read(MEDIA.slice(0, end), 0)?.keyFramesS).toHaveLength(1);
    expect(video.read(many, 0)).toBeNull();
  });

  it('that is cut off or damaged is passed over', () => {
    video.read(INIT, 0);
    for (let length = 0; length < MEDIA.length; length += 97)
      expect(() => video.read(MEDIA.slice(0, length), 0)).not.toThrow();
    const boundless = MEDIA.slice();
    new DataView(boundless.buffer).setUint32(boxOf(MEDIA, 'trun') + 12, 0xffffffff);
    expect(video.read(boundless, 0)).toBeNull();
  });
});
