// The person's own camera, microphone and screen: at most one open track of each.
import type { Source } from './protocol';

const kConstraints = {
  mic: { audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } },
  webcam: { video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } } },
  screen: { video: { frameRate: { ideal: 15 } } },
} as const;

const kDeviceNames: Record<Source, string> = { mic: 'microphone', webcam: 'camera', screen: 'screen' };

export class LocalMedia {
  readonly #tracks = new Map<Source, MediaStreamTrack>();
  /** The browser or the system ended a track: "Stop sharing" in its own bar, an unplugged camera. */
  onEnded: (source: Source) => void = () => {};

  track(source: Source): MediaStreamTrack | undefined {
    return this.#tracks.get(source);
  }

  /** On means: open and not muted. */
  isOn(source: Source): boolean {
    return this.#tracks.get(source)?.enabled ?? false;
  }

  /** Opens the device (asking for permission), or gives the track that is open already. */
  async open(source: Source): Promise<MediaStreamTrack> {
    const open = this.#tracks.get(source);
    if (open) return open;
    const track = await capture(source);
    this.#tracks.set(source, track);
    track.addEventListener('ended', () => {
      if (this.#tracks.get(source) !== track) return;
      this.#tracks.delete(source);
      this.onEnded(source);
    });
    return track;
  }

  /** Stops the device, so that its light goes out. */
  close(source: Source): void {
    const track = this.#tracks.get(source);
    this.#tracks.delete(source);
    track?.stop();
  }

  closeAll(): void {
    for (const source of [...this.#tracks.keys()]) this.close(source);
  }
}

async function capture(source: Source): Promise<MediaStreamTrack> {
  // Browsers hide mediaDevices from pages that did not come over HTTPS or from this machine.
  if (!navigator.mediaDevices) throw new Error('Camera and microphone need a page served over HTTPS.');
  try {
    const stream =
      source === 'screen'
        ? await navigator.mediaDevices.getDisplayMedia(kConstraints.screen)
        : await navigator.mediaDevices.getUserMedia(kConstraints[source]);
    const track = stream.getTracks()[0];
    if (!track) throw new Error('no track');
    return track;
  } catch (error) {
    throw new Error(explain(source, error));
  }
}

function explain(source: Source, error: unknown): string {
  const device = kDeviceNames[source];
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
      return `The browser did not allow the ${device}.`;
    case 'NotFoundError':
      return `No ${device} was found.`;
    case 'NotReadableError':
      return `The ${device} is in use by another program.`;
    default:
      return `The ${device} could not be opened.`;
  }
}
