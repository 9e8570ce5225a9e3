// The page: a lobby, a call, and the way between them.
import './styles.css';
import { ChatPanel } from './chat_panel';
import { kReactions } from './engagement';
import { describe, isUnreachable } from './failure';
import { Grid } from './grid';
import { LocalMedia } from './local_media';
import { Meeting } from './meeting';
import { Notice } from './notice';
import { invitation, readOptions, rememberOptions } from './page_options';
import { installProbe } from './probe';
import { PeoplePanel } from './people_panel';
import type { HeldJoin, Layout, Quality, Source } from './protocol';
import { RecordingsPanel } from './recordings_panel';
import { SidePanels } from './side_panels';
import { StreamControls } from './stream_controls';
import { Toggles } from './toggles';

type Phase = 'lobby' | 'joining' | 'waiting' | 'call';

const element = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;

const options = readOptions(location.search);
const local = new LocalMedia();
const notice = new Notice(element('notice'));
const grid = new Grid(element('grid'), element<HTMLTemplateElement>('tile'), offerSound);
const form = element<HTMLFormElement>('lobby-form');
const nameField = element<HTMLInputElement>('name');
const roomField = element<HTMLInputElement>('room');
const passwordField = element<HTMLInputElement>('password');
const preview = element<HTMLVideoElement>('preview');
const quality = element<HTMLSelectElement>('quality');
const layout = element<HTMLSelectElement>('layout');
const hand = element<HTMLButtonElement>('hand');
const reactions = element<HTMLDetailsElement>('reactions');
const record = element<HTMLButtonElement>('record');
const consent = element<HTMLDialogElement>('consent');
let meeting: Meeting | undefined;

const warn = (error: unknown) => {
  if (!isUnreachable(error)) notice.show('warning', describe(error));
};
const panels = new SidePanels(element('call'), (panel) => {
  refresh();
  if (panel === 'chat') chat.opened();
  if (panel === 'recordings') recordings.opened();
});
const people = new PeoplePanel(element('people-panel'), () => meeting?.call, warn);
const chat = new ChatPanel(element('chat-panel'), () => meeting?.call, warn, () => panels.hint('chat'));
const recordings = new RecordingsPanel(element('recordings-panel'), () => meeting?.call, warn);
const stream = new StreamControls(document, () => meeting?.call, { failed: warn, copy: (link) => void copy(link) }, panels);

const toggles = [new Toggles(element('lobby'), toggleDevice), new Toggles(element('toolbar'), toggleDevice)];
installProbe(() => document.body.dataset['phase'] ?? '', () => meeting);

function enterPhase(phase: Phase): void {
  document.body.dataset['phase'] = phase;
  element('lobby').hidden = phase === 'call' || phase === 'waiting';
  element('waiting-room').hidden = phase !== 'waiting';
  element('call').hidden = phase !== 'call';
  element<HTMLButtonElement>('join').disabled = phase === 'joining';
  element('join').textContent = phase === 'joining' ? 'Joining…' : 'Join';
  document.title = phase === 'call' ? `${element('room-name').textContent} · Sluice Meet` : 'Sluice Meet';
}

function refresh(): void {
  const maySend = (source: Source) => meeting?.maySend(source) ?? true;
  for (const group of toggles) group.show((source) => local.isOn(source), maySend);
  const camera = local.track('webcam');
  if ((preview.srcObject as MediaStream | null)?.getTracks()[0] !== camera) {
    preview.srcObject = camera ? new MediaStream([camera]) : null;
  }
  element('preview-off').hidden = camera !== undefined;
  const { roster, engagement } = meeting?.call ?? {};
  grid.show(meeting?.tiles() ?? [], engagement?.layout === 'speaker');
  if (engagement) layout.value = engagement.layout === 'speaker' ? 'speaker' : 'grid';
  const raised = roster?.handIsUp ?? false;
  hand.setAttribute('aria-pressed', String(raised));
  hand.querySelector('span')!.textContent = raised ? 'Lower hand' : 'Raise hand';
  hand.hidden = !roster?.may('raiseHand');
  reactions.hidden = !roster?.may('react');
  refreshRecording();
  stream.refresh();
  people.refresh();
  chat.refresh();
  const waits = (roster?.may('admit') ?? false) && meeting!.call!.door.waiting.length > 0;
  panels.hint('people', waits);
  const count = roster?.people.size ?? 0;
  element('count').hidden = count === 0;
  element('count').textContent = count === 1 ? '1 person' : `${count} people`;
  const sharer = roster?.sharer;
  element('sharing').hidden = !sharer;
  if (sharer) element('sharing').textContent = sharer.participantId === roster?.selfId ? 'You are sharing' : `${sharer.name} is sharing`;
}

function refreshRecording(): void {
  const { recording, roster } = meeting?.call ?? {};
  const state = recording?.state ?? 'off';
  const mark = element('recording-mark');
  mark.hidden = state === 'off';
  mark.dataset['state'] = state;
  mark.textContent = state === 'paused' ? 'Recording paused' : 'Recording';
  record.hidden = !recording?.available || !roster?.may('record');
  record.setAttribute('aria-pressed', String(state !== 'off'));
  record.querySelector('span')!.textContent = state === 'off' ? 'Record' : 'Stop recording';
  element('show-recordings').hidden = record.hidden && !recording?.entries.length;
  panels.hint('recordings', recordings.unseen);
  recordings.refresh();
  if (!recording?.consentFor) consent.close();
  else if (!consent.open) consent.showModal();
}

async function toggleDevice(source: Source): Promise<void> {
  try {
    const toggled = meeting ? meeting.toggle(source) : toggleInLobby(source);
    rememberDevices(); // what is off is off also after a reload that does not wait for the gateway
    await toggled;
  } catch (error) {
    warn(error);
  }
  rememberDevices();
  refresh();
}

async function toggleInLobby(source: Source): Promise<void> {
  if (local.track(source)) local.close(source);
  else await local.open(source);
}

function rememberDevices(): void {
  options.mic = local.isOn('mic');
  options.cam = local.isOn('webcam');
  if (meeting) rememberOptions(options);
}

/** Opens what the address asks for; a missing device keeps nobody out. */
async function openDevices(): Promise<void> {
  const wanted: Source[] = [...(options.mic ? (['mic'] as const) : []), ...(options.cam ? (['webcam'] as const) : [])];
  const outcomes = await Promise.allSettled(wanted.map((source) => local.open(source)));
  const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [describe(outcome.reason)] : []));
  if (reasons.length) notice.show('warning', `${[...new Set(reasons)].join(' ')} You can join without.`);
  refresh();
}

async function join(): Promise<void> {
  enterPhase('joining');
  const joining = new Meeting(options, local, { grid, notice, refreshed: refresh, waiting: showWaiting, entered: enterCall, ended: backToLobby });
  meeting = joining;
  try {
    await joining.start();
  } catch (error) {
    if (meeting === joining) backToLobby(describe(error));
  }
}

function enterCall(title: string): void {
  options.autojoin = true;
  rememberOptions(options);
  element('room-name').textContent = title;
  enterPhase('call');
  meeting?.setQuality(quality.value as Quality);
  refresh();
}

function showWaiting({ position, hostPresent }: Pick<HeldJoin, 'position' | 'hostPresent'>): void {
  enterPhase('waiting');
  const who = hostPresent === false ? 'The host is not here yet.' : 'Someone in the room has to let you in.';
  const place = position ? ` You are number ${position} in the queue.` : '';
  element('waiting-text').textContent = who + place;
}

function backToLobby(reason?: string): void {
  meeting = undefined;
  local.close('screen');
  options.autojoin = false;
  rememberOptions(options);
  enterPhase('lobby');
  if (reason) notice.show('error', reason);
  else notice.clear();
  refresh();
  element('join').focus();
}

function offerSound(): void {
  notice.show('info', 'The browser keeps the sound off until you allow it.', {
    label: 'Turn sound on',
    run: () => {
      notice.clear();
      grid.playAll();
    },
  });
}

local.onEnded = (source) => {
  meeting?.unpublish(source);
  if (source !== 'screen') notice.show('warning', `The ${source === 'mic' ? 'microphone' : 'camera'} went away.`);
  refresh();
};

form.addEventListener('submit', (event) => {
  event.preventDefault();
  options.name = nameField.value.trim();
  options.password = passwordField.value;
  options.room = roomField.value.trim().replace(/\s+/g, '-'); // a room's id holds no spaces
  notice.clear();
  void join();
});

// A click on a picture pins it; its buttons say so for those who use the keyboard.
element('grid').addEventListener('click', ({ target }) => {
  const participantId = (target as Element).closest<HTMLElement>('.tile')?.dataset['participant'];
  if (!participantId) return;
  if ((target as Element).closest('.light')) meeting?.spotlight(participantId);
  else meeting?.pin(participantId);
});

hand.addEventListener('click', () => {
  const call = meeting?.call;
  if (!call) return;
  (call.roster.handIsUp ? call.engagement.lowerHand() : call.engagement.raiseHand()).catch(warn);
});

record.addEventListener('click', () => {
  const recording = meeting?.call?.recording;
  if (!recording) return;
  (recording.state === 'off' ? recording.start() : recording.stop()).catch(warn);
});
consent.addEventListener('cancel', (event) => event.preventDefault()); // no answer is none: Escape must not look like one
element('accept-recording').addEventListener('click', () => void meeting?.call?.recording.consent(true).catch(warn));
element('refuse-recording').addEventListener('click', () => void meeting?.call?.recording.consent(false).catch(warn));

for (const emoji of kReactions) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = emoji;
  button.addEventListener('click', () => {
    reactions.open = false;
    meeting?.call?.engagement.react(emoji).catch(warn);
  });
  reactions.querySelector('p')!.append(button);
}

// A menu closes as menus do.
addEventListener('click', ({ target }) => {
  for (const menu of document.querySelectorAll('details[open]')) if (!menu.contains(target as Node)) menu.removeAttribute('open');
});
addEventListener('keydown', ({ key }) => {
  const menu = key === 'Escape' && document.querySelector<HTMLElement>('details[open]');
  if (!menu) return;
  menu.removeAttribute('open');
  menu.querySelector('summary')?.focus();
});

layout.addEventListener('change', () => meeting?.call?.engagement.setLayout(layout.value as Layout).catch(warn));

quality.addEventListener('change', () => meeting?.setQuality(quality.value as Quality));

for (const button of [element('leave'), element('give-up')]) {
  button.addEventListener('click', () => {
    meeting?.leave();
    backToLobby();
  });
}

async function copy(link: string): Promise<void> {
  await navigator.clipboard
    .writeText(link)
    .then(() => notice.show('info', 'The link is on your clipboard.'))
    .catch(() => notice.show('info', link));
}

element('invite').addEventListener('click', () => void copy(invitation(options)));

// Others should not see a frozen picture until the gateway's time-out; a page from the back-forward cache starts anew.
addEventListener('pagehide', () => meeting?.leave());
addEventListener('pageshow', (event) => event.persisted && location.reload());

nameField.value = options.name;
roomField.value = options.room;
element('room-field').hidden = roomField.disabled = options.meeting !== undefined;
element('password-field').hidden = options.meeting === undefined;
enterPhase('lobby');
refresh();
await openDevices();
if (options.autojoin && (options.room || options.meeting) && options.name) void join();
