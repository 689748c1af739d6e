/** What the kernel says about its own settings; undefined where it has no such setting. */
export interface KernelFacts {
  /** kernel.unprivileged_userns_clone (Debian's kernels). */
  readonly usernsClone: string | undefined;
  /** user.max_user_namespaces (namespaces(7)). */
  readonly maxUserNamespaces: string | undefined;
  /** kernel.apparmor_restrict_unprivileged_userns (Ubuntu 23.10 and later). */
  readonly apparmorRestriction: string | undefined;
  /** The effective capabilities of this process. */
  readonly capabilities: bigint;
}

const capSysAdmin = 1n << 21n;

const container =
  'In a container, run it with --privileged, or with --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined.';

/** Why the trial failed, as far as the facts show it, and for each reason what to do; else what the trial said. */
export function diagnose(said: string, mode: 'root' | 'rootless', facts: KernelFacts): readonly string[] {
  const reasons = [
    facts.maxUserNamespaces === '0' &&
      'User namespaces are turned off (user.max_user_namespaces is 0). Run: sysctl -w user.max_user_namespaces=15000',
    mode === 'rootless' &&
      facts.usernsClone === '0' &&
      'User namespaces are for root alone here (kernel.unprivileged_userns_clone is 0). Run: sysctl -w kernel.unprivileged_userns_clone=1, or run Postern as root.',
    mode === 'rootless' &&
      facts.apparmorRestriction === '1' &&
      'AppArmor restricts user namespaces here (kernel.apparmor_restrict_unprivileged_userns is 1). Run: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or run Postern as root.',
    mode === 'root' &&
      (facts.capabilities & capSysAdmin) === 0n &&
      `This process is root without the capability CAP_SYS_ADMIN, which new namespaces need. ${container}`,
  ].filter((reason) => reason !== false);
  return reasons.length > 0 ? reasons : [`Linux namespaces are refused here: ${said}. ${container}`];
}
