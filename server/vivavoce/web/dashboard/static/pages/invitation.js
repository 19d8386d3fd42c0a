/** Accepting an invitation. Its secret is in the fragment of the address, which no server sees. */

import { post, Refusal } from '../api.js';
import { onSubmit } from '../form.js';

const form = /** @type {HTMLFormElement} */ (document.getElementById('invitation'));

onSubmit(form, async ({ name = '', password }) => {
  const invitation = location.hash.slice(1);
  if (!invitation) {
    const message = 'The link is incomplete. Copy all of it, from https:// to its last character.';
    throw new Refusal(401, 'invitation', message);
  }
  const named = name.trim() ? { name: name.trim() } : {};
  const accepted = await post('/auth/accept-invitation', { invitation, password, ...named });
  const { accountSlug } = accepted.organization;
  await post('/auth/sign-in', { accountSlug, email: accepted.member.email, password });
  location.replace(`/dashboard?${new URLSearchParams({ accountSlug })}`);
});
