import { CircleAlert } from 'lucide-react';
import type { ChangeEvent, HTMLInputTypeAttribute, ReactNode } from 'react';
import { useEditable, useIssue } from './settings-context.tsx';

/** The properties of every field. `field` is where issues belong, and the element's id. */
interface FieldProps {
  readonly field: string;
  readonly label: string;
  /** One sentence under the field. */
  readonly hint?: ReactNode;
  /** What can be done about the field's content. */
  readonly offer?: ReactNode;
}

interface Described {
  readonly id: string;
  readonly 'aria-invalid': boolean;
  readonly 'aria-describedby': string;
}

/** Label, control, hint and issue, connected for people who cannot see that they are side by side. */
export function Field({
  field,
  label,
  hint,
  offer,
  children,
}: FieldProps & { readonly children: (described: Described) => ReactNode }): ReactNode {
  const issue = useIssue(field);
  return (
    <div className="form-field" data-invalid={issue === null ? undefined : ''}>
      <label className="form-label" htmlFor={field}>
        {label}
      </label>
      {children({
        id: field,
        'aria-invalid': issue !== null,
        'aria-describedby': `${field}-issue ${field}-hint`,
      })}
      <IssueLine id={`${field}-issue`} issue={issue} />
      {offer}
      {hint !== undefined && (
        <div className="form-hint" id={`${field}-hint`}>
          {hint}
        </div>
      )}
    </div>
  );
}

export function IssueLine({ id, issue }: { readonly id: string; readonly issue: string | null }): ReactNode {
  if (issue === null) return null;
  return (
    <p className="form-issue" id={id}>
      <CircleAlert size={14} aria-hidden />
      {issue}
    </p>
  );
}

interface TextFieldProps extends FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string | undefined;
  /** Shown behind the input, which is then as short as a number. */
  readonly unit?: string;
  readonly look?: 'text' | 'address' | 'short';
  readonly type?: HTMLInputTypeAttribute;
  /** Set where the value cannot be changed although the rest can. */
  readonly locked?: boolean;
  /** Shown behind the input. */
  readonly tool?: ReactNode;
}

export function TextField({
  value,
  onChange,
  placeholder,
  unit,
  look = 'text',
  type = 'text',
  locked = false,
  tool,
  ...rest
}: TextFieldProps): ReactNode {
  const editable = useEditable();
  return (
    <Field {...rest}>
      {(described) => (
        <span className="form-control">
          <input
            {...described}
            className="field"
            data-look={unit === undefined ? look : 'short'}
            type={type}
            inputMode={unit === undefined ? undefined : 'decimal'}
            value={value}
            placeholder={placeholder}
            readOnly={!editable || locked}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => onChange(event.target.value)}
          />
          {unit !== undefined && <span className="form-unit">{unit}</span>}
          {tool}
        </span>
      )}
    </Field>
  );
}

interface SelectFieldProps<V extends string> extends FieldProps {
  readonly value: V;
  readonly options: readonly (readonly [value: V, label: string])[];
  readonly onChange: (value: V) => void;
}

export function SelectField<V extends string>({
  value,
  options,
  onChange,
  ...rest
}: SelectFieldProps<V>): ReactNode {
  return (
    <Field {...rest}>
      {(described) => <Select {...described} value={value} options={options} onChange={onChange} />}
    </Field>
  );
}

interface SelectProps<V extends string>
  extends Pick<SelectFieldProps<V>, 'value' | 'options' | 'onChange'>,
    Partial<Described> {
  readonly 'aria-label'?: string;
}

/** The browser's own select: the content security policy forbids those that bring their own styles. */
export function Select<V extends string>({ value, options, onChange, ...rest }: SelectProps<V>): ReactNode {
  const editable = useEditable();
  const choose = (event: ChangeEvent<HTMLSelectElement>): void => {
    const chosen = options[event.target.selectedIndex];
    if (chosen !== undefined) onChange(chosen[0]);
  };
  return (
    <select {...rest} className="field select" value={value} disabled={!editable} onChange={choose}>
      {options.map(([option, label]) => (
        <option key={option} value={option}>
          {label}
        </option>
      ))}
    </select>
  );
}

interface SwitchFieldProps extends FieldProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function SwitchField({ field, label, hint, checked, onChange }: SwitchFieldProps): ReactNode {
  const editable = useEditable();
  const issue = useIssue(field);
  return (
    <div className="form-field">
      <label className="form-switch">
        <input
          id={field}
          type="checkbox"
          role="switch"
          checked={checked}
          aria-checked={checked}
          disabled={!editable}
          aria-invalid={issue !== null}
          aria-describedby={`${field}-issue ${field}-hint`}
          onChange={(event) => onChange(event.target.checked)}
        />
        {label}
      </label>
      <IssueLine id={`${field}-issue`} issue={issue} />
      {hint !== undefined && (
        <div className="form-hint" id={`${field}-hint`}>
          {hint}
        </div>
      )}
    </div>
  );
}
