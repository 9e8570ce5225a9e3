// Buttons that change something at the gateway: asked back first, told afterwards, and disabled for who may only read.
import { h } from '../lib/dom.mjs';
import { sentence } from '../lib/format.mjs';
import { ask } from './dialog.mjs';

/**
 * @param label As it stands on the button; `name` says more to those who hear it (`Remove Anna`).
 * @param confirm What ask() takes, or nothing; its fields' values go to `request`.
 * @param request `(values) => [method, path, body]`.
 * @param done `(answer) => text` to be told. @param shown `(answer)`: shows it instead, such as what is shown once.
 */
export function action(context, { label, name = label, confirm, request, done = () => 'Done.', shown, danger = false, key = name, small = true }) {
  const reason = context.whyReadOnly;
  return h(
    'button',
    {
      type: 'button',
      key,
      class: [danger && 'danger', small && 'small'].filter(Boolean).join(' ') || null,
      disabled: Boolean(reason),
      title: reason,
      'aria-label': name === label ? null : name,
      'aria-describedby': reason ? 'read-only' : null,
      on: { click: () => run(context, { confirm, request, done, shown }) },
    },
    label,
  );
}

async function run(context, { confirm, request, done, shown }) {
  const values = confirm ? await ask(confirm) : {};
  if (values === null) return;
  try {
    const answer = await context.api.send(...request(values));
    if (shown) await shown(answer);
    else context.tell(done(answer));
  } catch (error) {
    context.tell(sentence(error.message), 'bad');
  }
}
