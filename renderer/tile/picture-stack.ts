/** A tile's pictures: one on top, the others covered by it. */
export interface Pictures {
  /** Puts a video underneath all others. */
  add(video: HTMLVideoElement): void;
  raise(video: HTMLVideoElement): void;
  /** Keeps the video's last picture on top as a still. False where there is no picture to keep. */
  holdStill(video: HTMLVideoElement): boolean;
  dropStill(): void;
}

/**
 * The pictures of one tile, exactly on top of each other. An incoming picture plays opaque underneath, and is raised by z-index
 * when it has presented frames: opacity would flash.
 */
export class PictureStack implements Pictures {
  private top = 1;
  private still: HTMLCanvasElement | null = null;

  constructor(private readonly stage: HTMLElement) {}

  add(video: HTMLVideoElement): void {
    video.style.zIndex = '0';
    this.stage.append(video);
  }

  raise(video: HTMLVideoElement): void {
    this.top += 1;
    video.style.zIndex = String(this.top);
  }

  holdStill(video: HTMLVideoElement): boolean {
    if (video.videoWidth === 0 || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return false;
    const canvas = document.createElement('canvas');
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    const context = canvas.getContext('2d');
    if (context === null) return false;
    context.drawImage(video, 0, 0);
    // An element in error may draw nothing, and the canvas would be transparent.
    if (context.getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data[3] !== 255) return false;
    this.top += 1;
    canvas.style.zIndex = String(this.top);
    this.stage.append(canvas);
    this.dropStill();
    this.still = canvas;
    return true;
  }

  dropStill(): void {
    this.still?.remove();
    this.still = null;
  }
}
