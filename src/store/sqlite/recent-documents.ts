import type { Document, DocumentKey } from '../../core/ports/store.ts';

/** The most characters of documents that are held parsed: about as many bytes of memory, twice or thrice. */
const maxCharacters = 24 * 1024 * 1024;

interface Held {
  readonly document: Document;
  readonly characters: number;
}

/**
 * The documents that were read or written last, parsed. INVARIANT: what is held is what the file has, so every write and
 * every undone transaction must be told.
 */
export class RecentDocuments {
  readonly #held = new Map<DocumentKey, Held>();
  #characters = 0;

  /** The document, and the sign that it was used. */
  get(key: DocumentKey): Document | undefined {
    const held = this.#held.get(key);
    if (held === undefined) return undefined;
    this.#held.delete(key);
    this.#held.set(key, held);
    return held.document;
  }

  keep(document: Document, characters: number): void {
    this.forget(document.key);
    this.#held.set(document.key, { document, characters });
    this.#characters += characters;
    for (const key of this.#held.keys()) {
      if (this.#characters <= maxCharacters) return;
      this.forget(key);
    }
  }

  forget(key: DocumentKey): void {
    this.#characters -= this.#held.get(key)?.characters ?? 0;
    this.#held.delete(key);
  }
}
