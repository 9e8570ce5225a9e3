// The grid of tiles: keeps the elements of those who stay, and fits all of them into the window.
import { Tile, type TileModel } from './tile';

const kAspect = 16 / 9;
const kGapPx = 8;

export class Grid {
  readonly #tiles = new Map<string, Tile>();

  constructor(
    private readonly list: HTMLElement,
    private readonly template: HTMLTemplateElement,
    private readonly onSilenced: () => void,
  ) {
    new ResizeObserver(() => this.#fit()).observe(list);
  }

  /** @param leads The first one gets the room, the others stand beside it. */
  show(models: TileModel[], leads = false): void {
    const wanted = new Set(models.map((model) => model.key));
    for (const [key, tile] of this.#tiles) {
      if (wanted.has(key)) continue;
      tile.remove();
      this.#tiles.delete(key);
    }
    // A screen is there to be read: it gets the room, the cameras stand beside it. Its owner has it before the eyes.
    const first = models[0];
    const staged = (first?.purpose === 'screen' && !first.self) || (leads && models.length > 1);
    this.list.classList.toggle('staged', staged);
    this.list.style.setProperty('--cameras', String(models.length - 1));
    models.forEach((model, place) => {
      const tile = this.#tileOf(model);
      tile.setPlace(place);
      tile.setOnStage(staged && place === 0);
      tile.show(model);
    });
    this.#fit();
  }

  tile(key: string): Tile | undefined {
    return this.#tiles.get(key);
  }

  /** After a click of the person, which is what browsers wait for before they play sound. */
  playAll(): void {
    for (const tile of this.#tiles.values()) tile.play();
  }

  #tileOf(model: TileModel): Tile {
    let tile = this.#tiles.get(model.key);
    if (!tile) {
      tile = new Tile(this.template, this.onSilenced);
      this.#tiles.set(model.key, tile);
      this.list.append(tile.element);
    }
    return tile;
  }

  #fit(): void {
    const { clientWidth, clientHeight } = this.list;
    const { columns, width } = layout(this.#tiles.size, clientWidth, clientHeight);
    this.list.style.setProperty('--grid-height', `${clientHeight}px`);
    this.list.style.setProperty('--columns', String(columns));
    this.list.style.setProperty('--tile-width', `${Math.floor(width)}px`);
  }
}

/** The number of columns that gives `count` tiles of 16:9 the greatest width in the given room. */
export function layout(count: number, width: number, height: number): { columns: number; width: number } {
  let best = { columns: 1, width: 0 };
  for (let columns = 1; columns <= count; ++columns) {
    const rows = Math.ceil(count / columns);
    const byWidth = (width - kGapPx * (columns - 1)) / columns;
    const byHeight = ((height - kGapPx * (rows - 1)) / rows) * kAspect;
    const tile = Math.min(byWidth, byHeight);
    if (tile > best.width) best = { columns, width: tile };
  }
  return best;
}
