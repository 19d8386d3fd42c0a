// The one thing this page adds to the embed: after the interview, the demo shows the recruiter's side.
const results = document.getElementById('results');

document.querySelector('viva-interview')?.addEventListener('viva:completed', () => {
  if (results?.dataset.url) results.hidden = false;
});
