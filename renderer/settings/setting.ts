/**
 * A setting is described once: its field, its place in the configuration, the check's units and the list of changes all
 * follow from one {@link Setting}. {@link POLICY_SETTINGS} and {@link SITE_SETTINGS} are the descriptions.
 */
export type Setting<Path extends string = string> = {
  /** The setting's place in its part of the configuration: names with dots between them. */
  readonly path: Path;
  readonly label: string;
  /** The setting's name in the list of changes, where this is not the label. */
  readonly changeName?: string;
} & (TextSetting | NumberSetting | SwitchSetting | ChoiceSetting | HoursSetting);

/**
 * `absent` is what the field holds where the configuration leaves the setting out, and leaves it out of the draft. A
 * setting without `absent` is always in the configuration.
 */
interface TextSetting {
  readonly kind: 'text';
  /** Missing where the section words it by what was typed. */
  readonly sentence?: string;
  readonly look?: 'text' | 'address';
  readonly placeholder?: string;
  readonly absent?: '';
}

interface NumberSetting {
  readonly kind: 'number';
  readonly sentence: string;
  /** What the field counts; the configuration counts milliseconds where this is a time. */
  readonly unit: Unit;
  /** The schema's limits and default, as the configuration counts. Said after the sentence. */
  readonly range?: { readonly min: number; readonly max: number; readonly default: number };
  readonly absent?: '';
}

interface SwitchSetting {
  readonly kind: 'switch';
  /** One sentence, or one for each position. */
  readonly sentence: string | { readonly on: string; readonly off: string };
  readonly absent?: false;
}

interface ChoiceSetting {
  readonly kind: 'choice';
  readonly options: readonly Option[];
  readonly absent?: string;
}

interface Option {
  readonly value: string;
  readonly label: string;
  readonly sentence: string;
}

/** Hours of the day, or none. */
interface HoursSetting {
  readonly kind: 'hours';
  readonly sentence: (hours: Hours | null) => string;
  readonly absent: null;
}

/** What a number in a field counts. */
export type Unit = 's' | 'ms' | null;

/** Local hours `[from, to)`. */
export interface Hours {
  readonly from: number;
  readonly to: number;
}

/** What a field holds. Numbers are text, as they were typed. */
export type SettingValue = string | boolean | Hours | null;

type ValueOf<S> = S extends { readonly kind: 'switch' }
  ? boolean
  : S extends { readonly kind: 'choice'; readonly options: readonly { readonly value: infer Value }[] }
    ? Value
    : S extends { readonly kind: 'hours' }
      ? Hours | null
      : string;

export type Settings = Readonly<Record<string, Setting>>;

/** The fields of described settings. */
export type SettingsForm<S extends Settings> = { readonly [Name in keyof S]: ValueOf<S[Name]> };

/** The paths of all settings in a part of the configuration. What may be missing as a whole is one setting. */
export type PathIn<Part> = {
  [Name in keyof Part & string]: Part[Name] extends Readonly<Record<string, unknown>>
    ? `${Name}.${PathIn<Part[Name]>}`
    : Name;
}[keyof Part & string];

/** A part of the configuration before its check: what is no number is the text that was typed. */
export type Unchecked<Part> = Part extends number
  ? number | string
  : Part extends object
    ? { [Name in keyof Part]: Unchecked<Part[Name]> }
    : Part;

/** The fields that show a part of the configuration. */
export function formOf<S extends Settings>(settings: S, part: object): SettingsForm<S> {
  const fields = Object.entries(settings).map(([name, setting]) => [name, fieldOf(setting, part)]);
  return Object.fromEntries(fields);
}

function fieldOf(setting: Setting, part: object): unknown {
  const value = setting.path
    .split('.')
    .reduce<unknown>((inner, name) => Reflect.get(Object(inner), name), part);
  if (value === undefined) return setting.absent;
  return setting.kind === 'number' ? String(Number(value) / perUnit(setting.unit)) : value;
}

/** The part of the configuration that the fields describe, not checked. */
export function partOf<S extends Settings>(settings: S, form: SettingsForm<S>): object {
  const part: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(settings)) {
    const value = typed(form[name] as SettingValue);
    if (value === setting.absent) continue;
    const names = setting.path.split('.');
    const last = names.pop() ?? '';
    const inner = names.reduce<Record<string, unknown>>((outer, key) => {
      const within = (outer[key] ?? {}) as Record<string, unknown>;
      outer[key] = within;
      return within;
    }, part);
    inner[last] = setting.kind === 'number' ? numberOf(String(value), perUnit(setting.unit)) : value;
  }
  return part;
}

/** What was typed, without the blanks around it. */
export function typed<V>(value: V): V | string {
  return typeof value === 'string' ? value.trim() : value;
}

/** A plain decimal number times `factor`, free of binary rounding (1.005 s are 1005 ms); else the text. */
export function numberOf(text: string, factor: number): number | string {
  const plain = text.trim();
  if (!/^[+-]?\d+([.,]\d+)?$/.test(plain)) return plain;
  return Math.round(Number(plain.replace(',', '.')) * factor * 1e6) / 1e6;
}

/** The setting that holds a path of its part of the configuration, and the field's name; `null` where none does. */
export function settingAt(
  settings: Settings,
  path: readonly PropertyKey[],
): { readonly name: string; readonly setting: Setting } | null {
  const wanted = `${path.map(String).join('.')}.`;
  const found = Object.entries(settings).find(([, setting]) => wanted.startsWith(`${setting.path}.`));
  return found === undefined ? null : { name: found[0], setting: found[1] };
}

/** The sentence under the field, for what the field holds. */
export function sentenceOf(setting: Setting, value: SettingValue): string {
  switch (setting.kind) {
    case 'text':
      return setting.sentence ?? '';
    case 'number':
      return setting.range === undefined
        ? setting.sentence
        : `${setting.sentence} ${rangeWords(setting.range, setting.unit)}`;
    case 'switch':
      if (typeof setting.sentence === 'string') return setting.sentence;
      return value === true ? setting.sentence.on : setting.sentence.off;
    case 'choice':
      return setting.options.find((option) => option.value === value)?.sentence ?? '';
    case 'hours':
      return setting.sentence(value as Hours | null);
  }
}

function rangeWords(range: NonNullable<NumberSetting['range']>, unit: Unit): string {
  const words = (value: number): string => `${value / perUnit(unit)}${unitWords(unit)}`;
  return `Default ${words(range.default)}, from ${range.min / perUnit(unit)} to ${words(range.max)}.`;
}

/** The words behind a number. */
export function unitWords(unit: Unit): string {
  return unit === null ? '' : ` ${unit}`;
}

/** How many of the configuration's units one of the field's is. */
function perUnit(unit: Unit): number {
  return unit === 's' ? 1000 : 1;
}
