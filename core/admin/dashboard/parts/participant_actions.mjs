// What an operator can do to a participant.
import { apiPath } from '../lib/routes.mjs';
import { action } from './action.mjs';

const pathOf = ({ roomId, tenant = '', participantId }, verb, query = {}) =>
  apiPath(['rooms', roomId, 'participants', participantId, ...(verb ? [verb] : [])], { tenant, ...query });

export function participantActions(context, where, participant) {
  const who = { ...where, participantId: participant.participantId };
  const name = participant.name || participant.participantId;
  return [mute(context, who, name), kick(context, who, name)];
}

function mute(context, who, name) {
  return action(context, {
    label: 'Mute', name: `Mute ${name}`, key: 'mute',
    confirm: {
      title: `Mute ${name}?`,
      yes: 'Mute',
      fields: [{ name: 'kind', label: 'What', type: 'select', options: [['audio', 'Sound'], ['video', 'Picture']] }],
    },
    request: ({ kind }) => ['POST', pathOf(who, 'mute'), { kind }],
    done: () => `${name} is muted.`,
  });
}

function kick(context, who, name) {
  return action(context, {
    label: 'Remove', name: `Remove ${name}`, key: 'kick', danger: true,
    confirm: {
      title: `Remove ${name}?`,
      text: 'The participant leaves the room at once.',
      yes: 'Remove',
      danger: true,
      fields: [
        { name: 'reason', label: 'Reason (the participant is told)', maxlength: 200 },
        { name: 'ban', label: 'And do not let this person in again', type: 'checkbox' },
      ],
    },
    request: ({ reason, ban }) => ['DELETE', pathOf(who, null, { reason, ban: ban ? 'true' : '' })],
    done: () => `${name} was removed.`,
  });
}
