/**
 * Reads bytes bit by bit. Of a NAL unit (ITU-T H.264 section 7.2) it reads the payload without the emulation prevention bytes.
 * After the end it reads zeros, and {@link isOver} is true.
 */
export class BitReader {
  private readonly bytes: ArrayLike<number>;
  private at: number;

  /**
   * @param unit a NAL unit with its header
   * @param startByte where reading begins, in bytes of the payload
   * @param kind `plain` for bytes that are no NAL unit, so that all of them count
   */
  constructor(unit: ArrayLike<number>, startByte: number, kind: 'nal-unit' | 'plain' = 'nal-unit') {
    this.at = 8 * startByte;
    if (kind === 'plain') {
      this.bytes = unit;
      return;
    }
    const bytes: number[] = [];
    let zeros = 0;
    for (let at = 0; at < unit.length; at += 1) {
      const byte = unit[at] ?? 0;
      if (zeros >= 2 && byte === 3) zeros = 0;
      else {
        bytes.push(byte);
        zeros = byte === 0 ? zeros + 1 : 0;
      }
    }
    this.bytes = bytes;
  }

  get isOver(): boolean {
    return this.at > 8 * this.bytes.length;
  }

  /** A byte of the payload, independent of the reading position. */
  byteAt(index: number): number {
    return this.bytes[index] ?? 0;
  }

  /** @param count up to 32 */
  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i += 1) {
      const bit = (this.byteAt(this.at >> 3) >> (7 - (this.at & 7))) & 1;
      value = value * 2 + bit;
      this.at += 1;
    }
    return value;
  }

  skip(count: number): void {
    this.at += count;
  }

  flag(): boolean {
    return this.bits(1) === 1;
  }

  /** An unsigned Exp-Golomb code, `ue(v)`. */
  unsigned(): number {
    let zeros = 0;
    while (zeros < 32 && !this.isOver && this.bits(1) === 0) zeros += 1;
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  /** A signed Exp-Golomb code, `se(v)`. */
  signed(): number {
    const code = this.unsigned();
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2;
  }
}
