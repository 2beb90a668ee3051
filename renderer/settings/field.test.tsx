// @vitest-environment happy-dom
import { type ReactNode, useState } from 'react';
import { expect, it, vi } from 'vitest';
import { drawSettings } from '../testing/draw-settings.tsx';
import { SelectField, SwitchField, TextField } from './field.tsx';

/** The address of the site, wrong or right as the store has it. */
const ADDRESS = 'sites/site:north/baseUrl';

function Switch(): ReactNode {
  const [checked, setChecked] = useState(false);
  return (
    <SwitchField
      field="x"
      label="In maintenance"
      hint="Ranks last."
      checked={checked}
      onChange={setChecked}
    />
  );
}

it('ties label, control, sentence and unit together', async () => {
  const onChange = vi.fn();
  const { user, getByLabelText, getByText } = await drawSettings(
    <TextField field="x" label="Stable time" hint="How long." unit="s" value="30" onChange={onChange} />,
  );
  const input = getByLabelText('Stable time');
  expect(descriptionOf(input)).toBe('How long.');
  expect(input.getAttribute('aria-invalid')).toBe('false');
  expect(getByText('s').className).toBe('form-unit');
  await user.type(input, '1');
  expect(onChange).toHaveBeenCalledWith('301');
});

it('says what is wrong at the field, before its sentence', async () => {
  const { store, getByLabelText, findByText } = await drawSettings(
    <TextField field={ADDRESS} label="Address" hint="Where the site is." value="" onChange={() => {}} />,
  );
  store.getState().edit({ kind: 'site-edited', key: 'site:north', change: { baseUrl: 'north' } });
  await findByText('Must be an address that begins with http:// or https://.');
  const input = getByLabelText('Address');
  expect(input.getAttribute('aria-invalid')).toBe('true');
  expect(descriptionOf(input)).toBe(
    'Must be an address that begins with http:// or https://. Where the site is.',
  );
});

it('takes no typing where the file cannot be written', async () => {
  const onChange = vi.fn();
  const { user, getByLabelText } = await drawSettings(
    <>
      <TextField field="x" label="Name" value="North" onChange={onChange} />
      <SelectField
        field="y"
        label="Watching"
        value="full"
        options={[['full', 'All the time']]}
        onChange={onChange}
      />
      <SwitchField field="z" label="In maintenance" checked={false} onChange={onChange} />
    </>,
    { access: 'read-only' },
  );
  await user.type(getByLabelText('Name'), 'x');
  await user.click(getByLabelText('In maintenance'));
  expect((getByLabelText('Watching') as HTMLSelectElement).disabled).toBe(true);
  expect(onChange).not.toHaveBeenCalled();
});

it('offers choices by their names', async () => {
  const onChange = vi.fn();
  const options = [
    ['full', 'All the time'],
    ['light', 'Light'],
  ] as const;
  const { user, getByLabelText } = await drawSettings(
    <SelectField field="x" label="Watching" value="full" options={options} onChange={onChange} />,
  );
  await user.selectOptions(getByLabelText('Watching'), 'Light');
  expect(onChange).toHaveBeenCalledWith('light');
});

it('turns a switch by the space bar', async () => {
  const { user, getByRole } = await drawSettings(<Switch />);
  await user.tab();
  await user.keyboard(' ');
  expect(getByRole('switch', { name: 'In maintenance' }).getAttribute('aria-checked')).toBe('true');
});

/** What is read to who does not see a field, after its name. */
function descriptionOf(control: HTMLElement): string {
  const ids = (control.getAttribute('aria-describedby') ?? '').split(' ');
  return ids.flatMap((id) => document.getElementById(id)?.textContent ?? []).join(' ');
}
