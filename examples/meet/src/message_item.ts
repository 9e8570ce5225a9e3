// One message of the chat as it stands in the list. Everything is set as text, whatever it looks like.
import type { Call } from './call';
import type { ChatMessage } from './protocol';

type Failed = (error: unknown) => void;

export function messageItem(call: Call, message: ChatMessage, failed: Failed): HTMLElement {
  const item = document.createElement('li');
  const own = message.participantId === call.roster.selfId;
  item.classList.toggle('own', own);
  item.classList.toggle('private', message.to !== 'all');
  item.classList.toggle('announcement', message.type === 'announcement');
  item.append(textElement('p', head(call, message, own), 'head'));
  if (message.deleted) {
    item.append(textElement('p', 'deleted', 'body deleted'));
    return item;
  }
  if (message.message) item.append(textElement('p', message.message, 'body'));
  if (message.file) item.append(fileButton(call, message.file, failed));
  if (message.poll) item.append(pollList(call, message, failed));
  if (own || call.roster.may('chatModerate')) {
    const remove = button('Delete', () => call.chat.remove(message.messageId).catch(failed));
    remove.className = 'remove';
    item.append(remove);
  }
  return item;
}

function head(call: Call, message: ChatMessage, own: boolean): string {
  const time = new Date(message.at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  const edited = message.editedAt && !message.deleted ? ' · edited' : '';
  return `${own ? 'You' : message.name}${receiver(call, message)} · ${time}${edited}`;
}

function receiver(call: Call, { to }: ChatMessage): string {
  if (to === 'all') return '';
  if (to === 'host') return ' to the hosts';
  return to === call.roster.selfId ? ' to you' : ` to ${call.roster.people.get(to)?.name ?? 'one'}`;
}

function fileButton(call: Call, { fileId, name }: { fileId: string; name: string }, failed: Failed): HTMLElement {
  const fetchIt = async () => {
    location.href = await call.chat.fileUrl(fileId); // served as an attachment: the page stays
  };
  return button(`Download ${name}`, () => void fetchIt().catch(failed));
}

function pollList(call: Call, { messageId, poll }: ChatMessage, failed: Failed): HTMLElement {
  const list = document.createElement('ul');
  poll?.options.forEach((option, place) => {
    const choice = button(`${option}: ${poll.votes[place] ?? 0}`, () => call.chat.vote(messageId, place).catch(failed));
    choice.setAttribute('aria-pressed', String(poll.mine === place));
    const row = document.createElement('li');
    row.append(choice);
    list.append(row);
  });
  return list;
}

function button(label: string, run: () => void): HTMLButtonElement {
  const element = textElement('button', label) as HTMLButtonElement;
  element.type = 'button';
  element.addEventListener('click', run);
  return element;
}

function textElement(tag: string, text: string, className = ''): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}
