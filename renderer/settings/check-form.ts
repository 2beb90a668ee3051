import type { z } from 'zod';
import { configSchema } from '../../shared/config/config.ts';
import type { ConfigDraft } from '../../shared/config/config-draft.ts';
import { draftFromForm, KEPT } from './draft-from-form.ts';
import { type FieldIssue, fieldOfPath } from './field-of-path.ts';
import type { ConfigForm } from './form.ts';
import { issueWords } from './issue-words.ts';

/** The result of checking a form: a draft that can be applied, or issues. */
export type FormCheck =
  | { readonly kind: 'valid'; readonly draft: ConfigDraft }
  | { readonly kind: 'invalid'; readonly issues: readonly FieldIssue[] };

/** Checks a form with the configuration's schema; at most one issue for each field. */
export function checkForm(form: ConfigForm): FormCheck {
  const candidate = draftFromForm(form);
  const checked = configSchema.safeParse(withSecrets(candidate));
  // The schema has checked every part of the candidate except for the kept secrets, which it does not know.
  if (checked.success) return { kind: 'valid', draft: candidate as ConfigDraft };
  const byField = new Map<string, FieldIssue>();
  for (const issue of checked.error.issues.flatMap(innermost)) {
    const place = fieldOfPath(issue.path, form);
    if (!byField.has(place.field))
      byField.set(place.field, { ...place, message: issueWords(issue, place.unit) });
  }
  return { kind: 'invalid', issues: [...byField.values()] };
}

type Candidate = ReturnType<typeof draftFromForm>;

/** The candidate with some text in the place of each kept secret. */
function withSecrets(candidate: Candidate): unknown {
  const filled = (value: unknown): unknown => (value === KEPT ? 'kept by the host' : value);
  return {
    ...candidate,
    sites: candidate.sites.map((site) =>
      site.credentials === undefined
        ? site
        : {
            ...site,
            credentials: Object.fromEntries(
              Object.entries(site.credentials).map(([name, value]) => [name, filled(value)]),
            ),
          },
    ),
  };
}

/** Of a union's issue, returns those of the alternative that was meant: its outer type fits. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const meant = issue.errors.find((inner) =>
    inner.every(({ code, path }) => path.length > 0 || !['invalid_type', 'invalid_value'].includes(code)),
  );
  return meant?.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })) ?? [issue];
}
