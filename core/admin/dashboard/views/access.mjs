// Who may do what: oneself, and where the API answers them, users and tokens.
import { h } from '../lib/dom.mjs';
import { badge } from '../parts/badge.mjs';
import { facts } from '../parts/figures.mjs';
import { headline, panel } from '../parts/section.mjs';

export const access = {
  title: () => 'Access',
  watch: () => ({}),
  render(context) {
    return [headline({ title: 'Access' }), me(context)];
  },
};

function me({ session, changeToken, forgetToken }) {
  return panel({ title: 'You', id: 'me', wide: true },
    facts([
      ['Known as', session.me?.name],
      ['Role', session.me?.role && badge(session.me.role)],
      ['Token', session.token ? 'one is kept in this tab until it is closed' : 'none: the gateway asks for none here'],
    ]),
    h('p', { class: 'actions' },
      h('button', { type: 'button', key: 'change', on: { click: changeToken } }, session.token ? 'Use another token' : 'Use a token'),
      session.token && h('button', { type: 'button', key: 'forget', on: { click: forgetToken } }, 'Forget the token')));
}
