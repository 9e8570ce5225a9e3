// What an operator can do to the gateway as a whole.
import { action } from './action.mjs';

export function gatewayActions(context) {
  return [reload(context), drain(context)];
}

function reload(context) {
  return action(context, {
    label: 'Reload', name: 'Reload the configuration', key: 'reload', small: false,
    confirm: { title: 'Read the configuration again?', text: 'What can change while it runs is put into force; the rest is told in the log.', yes: 'Reload' },
    request: () => ['POST', 'reload'],
    done: () => 'The configuration has been read again.',
  });
}

function drain(context) {
  return action(context, {
    label: 'Drain', name: 'Drain the gateway', key: 'drain', danger: true, small: false,
    confirm: {
      title: 'Drain the gateway?',
      text: 'It lets nobody in any more, waits for those who are here, and then ends. This cannot be taken back.',
      yes: 'Drain', danger: true,
      fields: [{ name: 'minutes', label: 'Wait so many minutes at most', type: 'number', min: 0, max: 1440, hint: 'Empty: as configured.' }],
    },
    request: ({ minutes }) => ['POST', 'drain', { confirm: true, ...(minutes !== '' && { timeoutMs: Number(minutes) * 60_000 }) }],
    done: () => 'The gateway drains.',
  });
}
