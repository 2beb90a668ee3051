/** Number of lines that a trace keeps, for the case that an invariant breaks. */
const KEPT = 60;

/** What happened, in order: the newest lines as text, and all lines as a number that is the same for the same run. */
export class Trace {
  private readonly lines: string[] = [];
  private state = 0x811c9dc5;

  add(atMs: number, words: string): void {
    const line = `${(atMs / 1000).toFixed(3).padStart(10)} s  ${words}`;
    this.lines.push(line);
    if (this.lines.length > 2 * KEPT) this.lines.splice(0, KEPT);
    for (let index = 0; index < line.length; index += 1)
      this.state = Math.imul(this.state ^ line.charCodeAt(index), 0x01000193);
  }

  hash(): number {
    return this.state >>> 0;
  }

  tail(): readonly string[] {
    return this.lines.slice(-KEPT);
  }
}
