// The fields of one server that a stream goes to. Keys are secrets: what was typed is forgotten once it is sent.
import type { TargetWish } from './stream_protocol';

export class TargetFields {
  readonly element: HTMLElement;

  constructor(template: HTMLTemplateElement, onRemove: (fields: TargetFields) => void) {
    this.element = template.content.firstElementChild!.cloneNode(true) as HTMLElement;
    this.element.querySelector('.remove')!.addEventListener('click', () => onRemove(this));
  }

  get wish(): TargetWish {
    const [url, key, name] = [this.#field('url').value.trim(), this.#field('key').value.trim(), this.#field('name').value.trim()];
    return { type: 'rtmp', url, ...(key && { key }), ...(name && { name }) };
  }

  focus(): void {
    this.#field('url').focus();
  }

  #field(name: string): HTMLInputElement {
    return this.element.querySelector<HTMLInputElement>(`[name=target-${name}]`)!;
  }
}
