/**
 * The place where a text stops being JSON (RFC 8259), counted from 1, and what is wrong there, in words that contain no
 * value of the text.
 */
export interface JsonFault {
  readonly line: number;
  readonly column: number;
  readonly what: string;
}

/** Nesting limit, which bounds the reader's recursion. No hand-written file is deeper. */
const MAX_DEPTH = 500;

/**
 * Finds the first fault of a text that `JSON.parse` refused. The messages of JavaScript engines differ between versions
 * and do not always contain a position.
 */
export function findJsonFault(text: string): JsonFault | null {
  const reader = new JsonReader(text);
  try {
    reader.document();
    return null;
  } catch (error) {
    if (!(error instanceof JsonReaderError)) throw error;
    const lines = text.slice(0, reader.position).split('\n');
    return { line: lines.length, column: (lines.at(-1) ?? '').length + 1, what: error.message };
  }
}

/** Whether a text that `JSON.parse` refused is the beginning of a valid one. */
export function endsTooEarly(text: string): boolean {
  const reader = new JsonReader(text);
  try {
    reader.document();
    return false;
  } catch (error) {
    if (!(error instanceof JsonReaderError)) throw error;
    const rest = text.slice(reader.position);
    return rest === '' || (error.fault === 'in-a-value' && BEGINNING_OF_A_VALUE.test(rest));
  }
}

/** A value that is cut off: a string without its closing quote, a part of a number or of a word. */
const BEGINNING_OF_A_VALUE =
  /^(?:"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*(?:\\(?:u[0-9a-fA-F]{0,3})?)?|-?(?:(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][+-]?\d*)?)?|t|tr|tru|f|fa|fal|fals|n|nu|nul)$/;

class JsonReaderError extends Error {
  readonly fault: 'in-a-value' | 'elsewhere';

  constructor(words: string, fault: JsonReaderError['fault'] = 'elsewhere') {
    super(words);
    this.fault = fault;
  }
}

/** Reads JSON and keeps nothing. When it throws, `position` is the place of the fault. */
class JsonReader {
  position = 0;
  private depth = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  document(): void {
    this.skip(/[ \t\r\n]*/y);
    if (this.next === '') throw new JsonReaderError('it is empty');
    this.value();
    if (this.next !== '') throw new JsonReaderError('something follows after the end');
  }

  private get next(): string {
    return this.text.charAt(this.position);
  }

  /** Reads a value and the white space after it. */
  private value(): void {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new JsonReaderError('it is nested too deeply');
    if (this.next === '{') this.list('}', () => this.member());
    else if (this.next === '[') this.list(']', () => this.value());
    else if (this.next === '"') this.string();
    else if (!this.skip(/(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y))
      throw new JsonReaderError(this.notAValue(), 'in-a-value');
    this.skip(/[ \t\r\n]*/y);
    this.depth -= 1;
  }

  private list(end: '}' | ']', item: () => void): void {
    this.position += 1;
    this.skip(/[ \t\r\n]*/y);
    if (this.next !== end) {
      item();
      while (this.skip(/,[ \t\r\n]*/y)) {
        if (this.next === end) throw new JsonReaderError('there is a comma too many before this');
        item();
      }
      if (this.next === '') throw new JsonReaderError(`it ends before the closing ${end}`);
      if (this.next !== end) throw new JsonReaderError(`a comma or ${end} is missing before this`);
    }
    this.position += 1;
  }

  private member(): void {
    if (this.next === '') throw new JsonReaderError('it ends before the closing }');
    if (this.next !== '"') throw new JsonReaderError('a name in double quotes is missing here');
    this.string();
    if (!this.skip(/[ \t\r\n]*:[ \t\r\n]*/y)) {
      this.skip(/[ \t\r\n]*/y);
      throw new JsonReaderError('a colon is missing before this');
    }
    this.value();
  }

  private string(): void {
    // In a string, every character from the blank on is allowed, except the quote and the backslash.
    if (!this.skip(/"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y))
      throw new JsonReaderError(
        'this text has no closing quote, or a character that needs a backslash',
        'in-a-value',
      );
  }

  private notAValue(): string {
    const rest = this.text.slice(this.position, this.position + 20);
    if (rest === '') return 'it ends where a value is due';
    if (rest.startsWith("'")) return 'text must be in double quotes';
    if (rest.startsWith('/')) return 'comments are not allowed';
    // Only punctuation is quoted in the message: other text may be a password without its quotes.
    const [mark] = /^[\]}:,]/.exec(rest) ?? [];
    return mark === undefined
      ? 'this is not a value; text must be in double quotes'
      : `${mark} is not a value`;
  }

  private skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.position;
    if (!pattern.test(this.text)) return false;
    this.position = pattern.lastIndex;
    return true;
  }
}
