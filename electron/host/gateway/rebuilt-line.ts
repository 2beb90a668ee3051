import { readAttributes } from '../../../shared/playlist/attributes.ts';

/** Which values of an attribute are passed on. `text` and `address` are written in quotes, whether or not the site wrote them. */
type AttributeForm = RegExp | 'text' | 'address';
/** What is passed on of a tag: `none`, that it is there; a pattern, the value that it fits; or these attributes. */
type TagForm = 'none' | RegExp | Readonly<Record<string, AttributeForm>>;

const COUNT = /^\d{1,20}$/;
const DECIMAL = /^(?:\d{1,15}(?:\.\d{0,30})?|\.\d{1,30})$/;
/** An enumerated string (RFC 8216 section 4.2), in small letters as well: a method that nobody knows is not to pass for none. */
const WORD = /^[A-Za-z0-9_-]{1,40}$/;
const RESOLUTION = /^\d{1,5}x\d{1,5}$/i;
/** Variables are replaced in these as well (RFC 8216bis section 4.4.2.3). */
const HEXADECIMAL = /^(?:0x[0-9a-f]{1,64}|\{\$[\w-]{1,100}\})$/i;
const BYTE_RANGE = /^\d{1,15}(?:@\d{1,15})?$/;
const DATE_TIME = /^[0-9TtZz:+. -]{1,40}$/;

/**
 * What a viewer of live pictures needs of RFC 8216bis. Left out are other renditions, I-frame lists, interstitials, metadata, content
 * steering and DRM's session keys.
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

/** What would end a line, or a quoted string, for some reader. */
const NOT_IN_TEXT = /["\p{Cc}\p{Zl}\p{Zp}]/u;

/**
 * A playlist's line as every reader reads it. It is read generously and written strictly: unquoted values get quotes, blanks go, and what
 * is not understood is left out, so that no reader can find more in it. A known tag whose value cannot be read stays without
 * one, for the page to refuse.
 *
 * @param line without its end
 * @param addressFor what the page is given for an address of the site's
 * @returns `null` where nothing is left
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
