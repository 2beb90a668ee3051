import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Clock } from '../../shared/clock.ts';
import { newLinePlace, type SiteLine } from './network-conditions.ts';

/** Limit of bytes on their way: about an unscaled TCP window. Bytes. */
const MOST_ON_THE_WAY = 65_536;

/** Bytes on their way, or the reset that ends the connection after them. */
interface Piece {
  readonly content: Buffer | 'reset';
  readonly arrivalMs: number;
}

/**
 * One client's connection, as the site sees it: a socket behind a line with its own network conditions. Written bytes
 * arrive in order, when the line says. While the connection is silent, nothing is read or written.
 */
export class Connection extends Duplex {
  private readonly socket: Socket;
  private readonly line: SiteLine;
  private readonly clock: Clock;
  private readonly place = newLinePlace();
  private readonly onTheWay: Piece[] = [];
  private bytesOnTheWay = 0;
  /** Continues a write that waits for room on the way, or an end that waits for the way to be empty. */
  private whenRoom: (() => void) | null = null;
  private stopTimer: (() => void) | null = null;
  private currentTraffic: 'flowing' | 'silent';
  private reading = false;

  constructor(socket: Socket, line: SiteLine, clock: Clock, traffic: 'flowing' | 'silent') {
    super({ allowHalfOpen: true });
    this.socket = socket;
    this.line = line;
    this.clock = clock;
    this.currentTraffic = traffic;
    socket.setNoDelay(true);
    socket.pause();
    socket.on('data', (bytes: Buffer) => {
      this.place.answerDelayMs = null;
      if (!this.push(bytes)) this.setReading(false);
    });
    socket.on('end', () => this.push(null));
    socket.on('error', () => this.destroy());
    socket.on('close', () => this.destroy());
    // A client may leave at any time; the site does nothing about it.
    this.on('error', () => {});
    this.settleReading();
  }

  /** Silence also holds the bytes on their way; they arrive late, when the silence is over. */
  set traffic(traffic: 'flowing' | 'silent') {
    if (traffic === this.currentTraffic) return;
    this.currentTraffic = traffic;
    this.settleReading();
    this.deliver();
  }

  /** Cuts the connection with an immediate reset: the bytes on their way are lost. */
  reset(): void {
    this.socket.resetAndDestroy();
    this.destroy();
  }

  /** Cuts the connection with a reset that travels over the line as an answer does, after the bytes on their way. */
  resetInTurn(): void {
    const arrivalMs = this.line.arrivalMs(this.place, 0, this.clock.now());
    this.onTheWay.push({ content: 'reset', arrivalMs });
    this.deliver();
  }

  override _read(): void {
    this.setReading(true);
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const nowMs = this.clock.now();
    const arrivalMs = this.line.arrivalMs(this.place, bytes.length, nowMs);
    if (arrivalMs <= nowMs && this.onTheWay.length === 0 && this.currentTraffic === 'flowing') {
      this.socket.write(bytes, () => done());
      return;
    }
    this.onTheWay.push({ content: bytes, arrivalMs });
    this.bytesOnTheWay += bytes.length;
    this.whenRoom = () => {
      if (this.bytesOnTheWay > MOST_ON_THE_WAY) return;
      this.whenRoom = null;
      done();
    };
    this.whenRoom();
    this.deliver();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.whenRoom = () => {
      if (this.onTheWay.length > 0 || this.currentTraffic === 'silent') return;
      this.whenRoom = null;
      this.socket.end(() => done());
    };
    this.whenRoom();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.stopTimer?.();
    this.socket.destroy();
    done(error);
  }

  private setReading(reading: boolean): void {
    this.reading = reading;
    this.settleReading();
  }

  private settleReading(): void {
    if (this.reading && this.currentTraffic === 'flowing') this.socket.resume();
    else this.socket.pause();
  }

  /** Gives the socket the bytes that have arrived, and sets a timer for the rest. */
  private deliver(): void {
    this.stopTimer?.();
    this.stopTimer = null;
    if (this.currentTraffic === 'silent' || this.destroyed) return;
    for (;;) {
      const [next] = this.onTheWay;
      if (next === undefined) break;
      const waitMs = next.arrivalMs - this.clock.now();
      if (waitMs > 0) {
        this.stopTimer = this.clock.after(waitMs, () => this.deliver());
        break;
      }
      this.onTheWay.shift();
      const { content } = next;
      if (content === 'reset') {
        this.reset();
        return;
      }
      this.socket.write(content, () => {
        this.bytesOnTheWay -= content.length;
        this.whenRoom?.();
      });
    }
    this.whenRoom?.();
  }
}
