/** The head of a playlist and its newest segments, out of a text that comes in pieces. */
export class NewestWindow {
  #text = '';

  push(text: string): void {
    this.#text += text;
  }

  /** The playlist to pass on. */
  end(): string {
    return this.#text;
  }
}
