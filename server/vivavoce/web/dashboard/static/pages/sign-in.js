/** Signing in, in place of the page that was asked for. */

import { post } from '../api.js';
import { onSubmit } from '../form.js';

const form = /** @type {HTMLFormElement} */ (document.getElementById('sign-in'));
onSubmit(form, async ({ account = '', email, password }) => {
  const accountSlug = account.trim().toLowerCase();
  await post('/auth/sign-in', { accountSlug, email, password });
  const asked = new URLSearchParams(location.search).get('accountSlug');
  if (asked === accountSlug) location.reload();
  else location.assign(`/dashboard?${new URLSearchParams({ accountSlug })}`);
});
