/**
 * An output's name as deployments show it: capitals at its beginning become small, all of them where nothing else follows, else up to the
 * last one before it (`VMSS` is `vmss`, `NewNIC` is `newNIC`, `TRANS_Test` is `tranS_Test`).
 * @see Azure/bicep issue 9360; Azure CLI `vm/custom.py` create_vmss, which declares `VMSS` and reads `vmss`
 */
export function outputName(written: string): string {
  const capitals = /^\p{Lu}+/u.exec(written)?.[0] ?? '';
  const small = capitals.length === written.length ? capitals.length : Math.max(1, capitals.length - 1);
  return written.slice(0, small).toLowerCase() + written.slice(small);
}
