// Asks for the token that the API wants.
import { ask } from './dialog.mjs';

/** Resolves with the token, or null where none was given. @param wrong Whether one was shown, and not taken. */
export async function askForToken({ wrong }) {
  const values = await ask({
    title: 'Who are you?',
    text: wrong ? 'The gateway does not take this token.' : 'The admin API of this gateway asks for a token.',
    yes: 'Use it',
    no: 'Not now',
    fields: [{ name: 'token', label: 'Token', type: 'password', required: true, autocomplete: 'off', hint: 'Kept in this tab only, until it is closed.' }],
  });
  return values?.token.trim() || null;
}
