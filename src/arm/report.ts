/** Tells the operator of a bug or of broken I/O. `id` is what the caller was told; nothing of it reaches the caller. */
export type Report = (id: string, error: unknown) => void;
