import { describe, expect, it } from 'vitest';
import { lumaOfPixels, lumaOfPlane } from './luma-reader.ts';

const plane = { offset: 0, stride: 320, width: 320, height: 180, fullRange: false };

describe('lumaOfPlane', () => {
  it('spreads video range over 0 to 255', () => {
    const lumaOf = (value: number) => lumaOfPlane(new Uint8Array(320 * 180).fill(value), plane)?.[0];
    expect([16, 235, 0, 255].map(lumaOf)).toEqual([0, 255, 0, 255]);
  });

  it('keeps full range unchanged', () => {
    const luma = lumaOfPlane(new Uint8Array(320 * 180).fill(16), { ...plane, fullRange: true });
    expect(luma?.[0]).toBe(16);
  });

  it('gives each point the pixels of its own place, with padded rows or not', () => {
    const stride = 384;
    const bytes = new Uint8Array(100 + stride * 180);
    const inCell = (column: number, row: number, value: number): void => {
      for (let y = row * 10; y < row * 10 + 10; y += 1)
        bytes.fill(value, 100 + y * stride + column * 10, 100 + y * stride + column * 10 + 10);
    };
    inCell(31, 0, 200);
    inCell(0, 17, 100);
    const luma = lumaOfPlane(bytes, { ...plane, offset: 100, stride, fullRange: true });
    expect([luma?.[0], luma?.[31], luma?.[17 * 32], luma?.[17 * 32 + 1]]).toEqual([0, 200, 100, 0]);
  });

  it('keeps the noise of single pixels, which distinguishes a live picture', () => {
    const bytes = new Uint8Array(320 * 180).fill(100);
    const before = lumaOfPlane(bytes, plane);
    const noisy = lumaOfPlane(
      bytes.map((value, at) => value + ((at * 7919) % 13 < 3 ? 4 : 0)),
      plane,
    );
    expect(noisy).not.toEqual(before);
  });

  it('gives nothing for pictures smaller than the grid', () => {
    expect(lumaOfPlane(new Uint8Array(16 * 16), { ...plane, stride: 16, width: 16, height: 16 })).toBeNull();
  });
});

describe('lumaOfPixels', () => {
  it('weighs the colours', () => {
    const rgba = Uint8ClampedArray.from([255, 255, 255, 255, 255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255]);
    expect([...(lumaOfPixels(rgba) ?? [])]).toEqual([255, 54, 182, 18]);
  });

  it('gives nothing where a point is transparent, as with protected media', () => {
    expect(lumaOfPixels(Uint8ClampedArray.from([9, 9, 9, 255, 0, 0, 0, 0]))).toBeNull();
  });
});
