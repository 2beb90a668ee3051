import type { ReactNode } from 'react';
import { SelectField, SwitchField, TextField } from './field.tsx';
import { type Setting, type SettingValue, sentenceOf } from './setting.ts';

export interface SettingProps {
  /** Where issues belong, and the element's id. */
  readonly field: string;
  readonly setting: Setting;
  readonly value: SettingValue;
  readonly onChange: (value: string | boolean) => void;
  /** In the place of the setting's sentence. */
  readonly hint?: ReactNode;
  /** After the sentence: what the value means. */
  readonly consequence?: ReactNode;
  /** What can be done about the field's value. */
  readonly offer?: ReactNode;
}

/** The field of a setting, by its description. */
export function SettingField({
  field,
  setting,
  value,
  onChange,
  hint = sentenceOf(setting, value),
  consequence,
  offer,
}: SettingProps): ReactNode {
  const shared = {
    field,
    label: setting.label,
    offer,
    onChange,
    hint: (
      <>
        {hint}
        {consequence}
      </>
    ),
  };
  switch (setting.kind) {
    case 'text':
      return (
        <TextField
          {...shared}
          look={setting.look ?? 'text'}
          placeholder={setting.placeholder}
          value={String(value)}
        />
      );
    case 'number':
      return (
        <TextField
          {...shared}
          look="short"
          value={String(value)}
          {...(setting.unit === null ? {} : { unit: setting.unit })}
        />
      );
    case 'switch':
    case 'hours':
      return <SwitchField {...shared} checked={value !== false && value !== null} />;
    case 'choice':
      return (
        <SelectField
          {...shared}
          value={String(value)}
          options={setting.options.map((option) => [option.value, option.label] as const)}
        />
      );
  }
}
