import type { Document, DocumentKey } from '../../core/ports/store.ts';

/** The most characters of documents that are held parsed: about as many bytes of memory, twice or thrice. */
const maxCharacters = 24 * 1024 * 1024;

interface Held {
  readonly document: Document;
  readonly characters: number;
  /** Whether it was asked for since it was last looked at for room. */
  used: boolean;
}

/**
 * The documents that were read or written last, parsed. INVARIANT: what is held is what the file has, so every write and
 * every undone transaction must be told.
 */
export class RecentDocuments {
  readonly #held = new Map<DocumentKey, Held>();
  #characters = 0;

  get(key: DocumentKey): Document | undefined {
    const held = this.#held.get(key);
    if (held === undefined) return undefined;
    held.used = true;
    return held.document;
  }

  keep(document: Document, characters: number): void {
    this.forget(document.key);
    this.#held.set(document.key, { document, characters, used: false });
    this.#characters += characters;
    if (this.#characters > maxCharacters) this.#makeRoom();
  }

  /** The oldest go first; one that was used meanwhile goes to the end of the queue once more. */
  #makeRoom(): void {
    for (const [key, held] of this.#held) {
      if (this.#characters <= maxCharacters) return;
      if (!held.used) {
        this.forget(key);
        continue;
      }
      held.used = false;
      this.#held.delete(key);
      this.#held.set(key, held);
    }
  }

  forget(key: DocumentKey): void {
    this.#characters -= this.#held.get(key)?.characters ?? 0;
    this.#held.delete(key);
  }
}
