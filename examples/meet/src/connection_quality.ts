// How good everybody's connection is: what the gateway says of all, and what we report of ours.
import { RequestError } from './failure';
import type { QualityWord, QualityReport } from './protocol';
import { Reception } from './reception';
import type { Signalling } from './signalling';

const kReportMs = 5_000;
/** A gateway without the plugin is one, too. */
const kNotThere = ['UNKNOWN_EVENT', 'FEATURE_NOT_LOADED'];

export const kQualityWords: Record<QualityWord, string> = {
  poor: 'Poor connection',
  fair: 'Fair connection',
  good: 'Good connection',
  excellent: 'Excellent connection',
};

/** Reads what a report is made of. */
export type ReceptionSource = (reception: Reception) => Promise<QualityReport>;

export class ConnectionQuality {
  /** By participant, ourselves included; who is missing is not known. */
  readonly words = new Map<string, QualityWord>();
  /** Reports that the gateway has taken. */
  reported = 0;
  readonly #reception = new Reception();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly signalling: Signalling,
    private readonly source: ReceptionSource,
    changed: () => void,
  ) {
    signalling.on('stats:update', ({ participants }) => {
      for (const { participantId, quality } of participants) {
        if (quality) this.words.set(participantId, quality);
        else this.words.delete(participantId);
      }
      changed();
    });
  }

  begin(): void {
    this.#timer ??= setInterval(() => void this.#report(), kReportMs);
  }

  forget(participantId: string): void {
    this.words.delete(participantId);
  }

  /** False where the gateway wants no reports. */
  get reporting(): boolean {
    return this.#timer !== undefined;
  }

  close(): void {
    this.#stop();
    this.words.clear();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Nobody waits for it, and nobody is told where it fails: the next one follows. */
  async #report(): Promise<void> {
    try {
      await this.signalling.request('stats:report', await this.source(this.#reception));
      ++this.reported;
    } catch (error) {
      if (error instanceof RequestError && kNotThere.includes(error.code)) this.#stop();
    }
  }
}
