import { type JSONVisitor, visit } from 'jsonc-parser';

/**
 * The place where a text stops being JSON (RFC 8259), counted from 1, and what is wrong there, in words that contain no
 * value of the text.
 */
export interface JsonFault {
  readonly line: number;
  readonly column: number;
  readonly what: string;
}

/** Deeper than any file that people write; keeps the parser's recursion bounded. */
const MAX_DEPTH = 500;
/** What a number may be followed by if it is none: `01` and `1.2.3` are one mistake each, and not two values. */
const NUMBER_GOES_ON = /[\w.+-]/;
/** A value that is cut off: a string without its closing quote, a part of a number or of a word. */
const BEGINNING_OF_A_VALUE =
  /^(?:"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*(?:\\(?:u[0-9a-fA-F]{0,3})?)?|-?(?:(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][+-]?\d*)?)?|t|tr|tru|f|fa|fal|fals|n|nu|nul)$/;
const BAD_STRING = 'this text has no closing quote, or a character that needs a backslash';
const NOT_A_VALUE = 'this is not a value; text must be in double quotes';
const COMMA_TOO_MANY = 'there is a comma too many before this';

/** What the text has to go on with. `item`: a further one of a list. */
type Due = 'value' | 'item' | 'name' | 'colon' | 'comma' | 'end';

/** Where the parser is: its callbacks end with these. */
type Place = readonly [offset: number, length: number, line: number, column: number];

interface Fault extends JsonFault {
  readonly offset: number;
  readonly within: 'a value' | 'the rest';
}

/**
 * Finds the first fault of a text that `JSON.parse` refused. The messages of JavaScript engines differ between versions
 * and do not always contain a position.
 */
export function findJsonFault(text: string): JsonFault | null {
  const fault = firstFault(text);
  return fault === null ? null : { line: fault.line, column: fault.column, what: fault.what };
}

/** Whether a text that `JSON.parse` refused is the beginning of a valid one. */
export function endsTooEarly(text: string): boolean {
  const fault = firstFault(text);
  if (fault === null) return false;
  const rest = text.slice(fault.offset);
  return rest === '' || (fault.within === 'a value' && BEGINNING_OF_A_VALUE.test(rest));
}

function firstFault(text: string): Fault | null {
  const follower = new JsonFollower(text);
  try {
    visit(text, follower, { disallowComments: true });
    return null;
  } catch (error) {
    if (error instanceof FaultFound) return error.fault;
    throw error;
  }
}

/** Ends the parser, which would go on behind a fault. */
class FaultFound extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.what);
    this.fault = fault;
  }
}

/** Follows the parser, so that a fault can be told by what was due there. */
class JsonFollower implements JSONVisitor {
  private readonly text: string;
  /** The closing brackets that are missing so far, the innermost last. */
  private readonly ends: string[] = [];
  private due: Due = 'value';

  constructor(text: string) {
    this.text = text;
  }

  readonly onObjectBegin = (...place: Place): void => this.open('}', place);
  readonly onArrayBegin = (...place: Place): void => this.open(']', place);
  readonly onObjectEnd = (...place: Place): void => this.close(place);
  readonly onArrayEnd = (...place: Place): void => this.close(place);
  readonly onError = (_code: number, ...place: Place): void => this.fail(place);

  readonly onObjectProperty = (): void => {
    this.due = 'colon';
  };

  readonly onSeparator = (character: string): void => {
    if (character === ':') this.due = 'value';
    else this.due = this.ends.at(-1) === '}' ? 'name' : 'item';
  };

  readonly onLiteralValue = (value: unknown, ...place: Place): void => {
    const [offset, length] = place;
    if (typeof value === 'number' && NUMBER_GOES_ON.test(this.text.charAt(offset + length)))
      this.fail(place, NOT_A_VALUE);
    this.goOn();
  };

  private open(end: '}' | ']', place: Place): void {
    if (this.ends.push(end) > MAX_DEPTH) this.fail(place, 'it is nested too deeply');
    this.due = end === '}' ? 'name' : 'value';
  }

  private close(place: Place): void {
    // The parser closes everything at the end of a text, before it tells that a bracket is missing.
    if (place[0] === this.text.length) this.fail(place);
    this.ends.pop();
    this.goOn();
  }

  private goOn(): void {
    this.due = this.ends.length === 0 ? 'end' : 'comma';
  }

  private fail(
    [offset, , line, column]: Place,
    what = this.words(this.text.slice(offset, offset + 1)),
  ): never {
    const isValue = this.due === 'value' || this.due === 'item';
    const isName = this.due === 'name' && this.text.charAt(offset) === '"';
    const within = isValue || isName ? 'a value' : 'the rest';
    throw new FaultFound({ what, within, offset, line: line + 1, column: column + 1 });
  }

  /** @param next the character at the fault, empty at the end of the text */
  private words(next: string): string {
    const end = this.ends.at(-1);
    switch (this.due) {
      case 'name':
        if (next === '') return `it ends before the closing ${end}`;
        if (next === '}') return COMMA_TOO_MANY;
        return next === '"' ? BAD_STRING : 'a name in double quotes is missing here';
      case 'item':
        return next === ']' ? COMMA_TOO_MANY : this.notAValue(next);
      case 'value':
        return this.notAValue(next);
      case 'colon':
        return 'a colon is missing before this';
      case 'comma':
        return next === '' ? `it ends before the closing ${end}` : `a comma or ${end} is missing before this`;
      case 'end':
        return 'something follows after the end';
    }
  }

  private notAValue(next: string): string {
    switch (next) {
      case '':
        return this.text.trim() === '' ? 'it is empty' : 'it ends where a value is due';
      case '"':
        return BAD_STRING;
      case "'":
        return 'text must be in double quotes';
      case '/':
        return 'comments are not allowed';
      case ']':
      case '}':
      case ':':
      case ',':
        return `${next} is not a value`;
      default:
        // May be a password that somebody forgot to put into quotes.
        return NOT_A_VALUE;
    }
  }
}
