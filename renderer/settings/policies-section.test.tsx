// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { drawSettings } from '../testing/draw-settings.tsx';
import { PoliciesSection } from './policies-section.tsx';
import { POLICY_NAMES, POLICY_SETTINGS } from './policy-settings.ts';

it.each(POLICY_NAMES)('has a field for %s, with a sentence', async (name) => {
  const { getByLabelText, getByRole } = await drawSettings(<PoliciesSection />);
  const { label } = POLICY_SETTINGS[name];
  if (name === 'failbackMode') {
    expect(getByRole('group', { name: label }).textContent).toContain('returns by itself');
    return;
  }
  const hint = document.getElementById(`${getByLabelText(label).id}-hint`);
  expect(hint?.textContent?.length).toBeGreaterThan(20);
});

it('says what Reaction Time comes to for what sites package, and its limits where it is none', async () => {
  const { user, getByLabelText, getByText, queryByText } = await drawSettings(<PoliciesSection />);
  const consequence =
    '2 s segments: a silent stop is noticed after 3.0 s, changed by 4.0 s, sooner if the picture would run out';
  getByText(consequence);
  getByText(/Default 1000 ms, from 250 to 15000 ms\./);
  const field = getByLabelText('Reaction Time');
  await user.clear(field);
  await user.type(field, '100');
  getByText('Must be at least 250 ms.');
  expect(queryByText(consequence)).toBeNull();
});

it('asks for hours only where tiles return by themselves', async () => {
  const { user, getByRole, getByLabelText, queryByLabelText } = await drawSettings(<PoliciesSection />);
  await user.click(getByRole('switch', { name: 'Return within certain hours only' }));
  await user.selectOptions(getByLabelText('Until'), '06:00');
  expect(
    document.getElementById(`${getByLabelText('Return within certain hours only').id}-hint`)?.textContent,
  ).toContain('between 22:00 and 06:00 of the next day');
  await user.click(getByRole('radio', { name: /^Manual/ }));
  expect(queryByLabelText('Return within certain hours only')).toBeNull();
});

it('calls the button by the first site where the operator returns by hand', async () => {
  const { getByRole } = await drawSettings(<PoliciesSection />);
  expect(getByRole('radio', { name: /^Manual/ }).closest('label')?.textContent).toContain(
    '“Return to North”',
  );
});

it('is not edited in the demo', async () => {
  const { getByLabelText } = await drawSettings(<PoliciesSection />, { source: 'demo' });
  expect((getByLabelText('Reaction Time') as HTMLInputElement).readOnly).toBe(true);
});
