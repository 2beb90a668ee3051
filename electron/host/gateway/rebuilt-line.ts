import { readAttributes } from '../../../shared/playlist/attributes.ts';

/**
 * The values of an attribute that are passed on. `text` and `address` are written in quotes, whether or not the site
 * wrote quotes.
 */
type AttributeForm = RegExp | 'text' | 'address';
/**
 * The part of a tag that is passed on. `none`: the tag without a value; a pattern: a value that matches it; a record:
 * these attributes.
 */
type TagForm = 'none' | RegExp | Readonly<Record<string, AttributeForm>>;

const COUNT = /^\d{1,20}$/;
const DECIMAL = /^(?:\d{1,15}(?:\.\d{0,30})?|\.\d{1,30})$/;
/**
 * An enumerated string (RFC 8216 section 4.2). Small letters are allowed too, so that an unknown METHOD is not dropped
 * and taken for none.
 */
const WORD = /^[A-Za-z0-9_-]{1,40}$/;
const RESOLUTION = /^\d{1,5}x\d{1,5}$/i;
/** A hexadecimal number or a variable, which may stand for it (RFC 8216bis section 4.4.2.3). */
const HEXADECIMAL = /^(?:0x[0-9a-f]{1,64}|\{\$[\w-]{1,100}\})$/i;
const BYTE_RANGE = /^\d{1,15}(?:@\d{1,15})?$/;
const DATE_TIME = /^[0-9TtZz:+. -]{1,40}$/;

/**
 * The tags of RFC 8216bis that a viewer of live pictures needs. Other renditions, I-frame playlists, interstitials,
 * metadata, content steering and DRM's session keys are left out.
 */
const TAGS: ReadonlyMap<string, TagForm> = new Map<string, TagForm>([
  ['EXTM3U', 'none'],
  ['EXT-X-VERSION', COUNT],
  ['EXT-X-INDEPENDENT-SEGMENTS', 'none'],
  ['EXT-X-DEFINE', { NAME: 'text', VALUE: 'text', IMPORT: 'text', QUERYPARAM: 'text' }],
  [
    'EXT-X-STREAM-INF',
    {
      BANDWIDTH: DECIMAL,
      'AVERAGE-BANDWIDTH': DECIMAL,
      CODECS: 'text',
      RESOLUTION,
      'FRAME-RATE': DECIMAL,
    },
  ],
  ['EXT-X-TARGETDURATION', DECIMAL],
  ['EXT-X-MEDIA-SEQUENCE', COUNT],
  ['EXT-X-DISCONTINUITY-SEQUENCE', COUNT],
  ['EXT-X-PLAYLIST-TYPE', WORD],
  ['EXT-X-I-FRAMES-ONLY', 'none'],
  ['EXT-X-PART-INF', { 'PART-TARGET': DECIMAL }],
  [
    'EXT-X-SERVER-CONTROL',
    {
      'CAN-SKIP-UNTIL': DECIMAL,
      'HOLD-BACK': DECIMAL,
      'PART-HOLD-BACK': DECIMAL,
      'CAN-BLOCK-RELOAD': WORD,
    },
  ],
  ['EXT-X-ENDLIST', 'none'],
  ['EXT-X-SKIP', { 'SKIPPED-SEGMENTS': COUNT }],
  ['EXT-X-BYTERANGE', BYTE_RANGE],
  ['EXT-X-DISCONTINUITY', 'none'],
  ['EXT-X-GAP', 'none'],
  ['EXT-X-BITRATE', COUNT],
  ['EXT-X-PROGRAM-DATE-TIME', DATE_TIME],
  [
    'EXT-X-KEY',
    { METHOD: WORD, URI: 'address', IV: HEXADECIMAL, KEYFORMAT: 'text', KEYFORMATVERSIONS: 'text' },
  ],
  ['EXT-X-MAP', { URI: 'address', BYTERANGE: 'text' }],
  ['EXT-X-PART', { DURATION: DECIMAL, URI: 'address', INDEPENDENT: WORD, GAP: WORD, BYTERANGE: 'text' }],
  ['EXT-X-PRELOAD-HINT', { TYPE: WORD, URI: 'address', 'BYTERANGE-START': COUNT, 'BYTERANGE-LENGTH': COUNT }],
]);

/** Characters that end a line or a quoted string for some reader. */
const NOT_IN_TEXT = /["\p{Cc}\p{Zl}\p{Zp}]/u;

/**
 * A playlist's line in a form that every reader understands alike. Reading is lenient and writing strict: unquoted
 * values get quotes, blanks are removed, and everything unknown is left out, so that no reader can find more in the
 * line. A known tag with an unreadable value is written without it, and the page refuses it.
 * @param line without its end
 * @param addressFor gives the page's address for one of the site's
 * @returns `null` where nothing remains
 */
export function rebuiltLine(line: string, addressFor: (address: string) => string): string | null {
  const text = line.trim();
  if (text === '') return null;
  if (!text.startsWith('#')) return addressFor(text) || null;
  const [, tag = '', value = ''] = /^#(EXT[A-Z0-9-]*)(?:\s*:(.*))?$/su.exec(text) ?? [];
  if (tag === 'EXTINF') return `#EXTINF:${fitting(DECIMAL, value.replace(/,.*$/su, ''))},`;
  const form = TAGS.get(tag);
  if (form === undefined) return null;
  if (form === 'none') return `#${tag}`;
  return `#${tag}:${form instanceof RegExp ? fitting(form, value) : rebuiltAttributes(form, value, addressFor)}`;
}

function fitting(form: RegExp, value: string): string {
  const plain = value.trim();
  return form.test(plain) ? plain : '';
}

function rebuiltAttributes(
  forms: Readonly<Record<string, AttributeForm>>,
  list: string,
  addressFor: (address: string) => string,
): string {
  return [...readAttributes(list.trim())]
    .flatMap(([name, value]) => {
      const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
      const written = form === undefined ? '' : rebuiltValue(form, value, addressFor);
      return written === '' ? [] : [`${name}=${written}`];
    })
    .join(',');
}

/** Empty for a value that is not passed on. */
function rebuiltValue(form: AttributeForm, value: string, addressFor: (address: string) => string): string {
  if (form === 'address') return `"${addressFor(value).replaceAll('"', '%22')}"`;
  if (form === 'text') return NOT_IN_TEXT.test(value) ? '' : `"${value}"`;
  return fitting(form, value);
}
