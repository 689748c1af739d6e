/**
 * What the first process of a machine does before it becomes the machine's init. It runs as root of the host (or, rootless,
 * of the builder's user namespace) in new mount, network, UTS, IPC and PID namespaces, and says each step on its
 * standard output. Arguments: root, fstab, places, host name, what to do with groups (`--clear-groups` …), and `renew`
 * where the homes must be given to their owners.
 *
 * 1. Network: `lo` alone, with the metadata service's address. Ports below 1024 are free to everyone inside, as nobody
 *    inside has a capability over this network. What has ended is forgotten at once: on `lo` alone no packet comes late, and the
 *    table in which callers are looked up stays short.
 * 2. The disk's places. A link that a user of the machine left where a place belongs is removed, never followed.
 * 3. Mounts; then the new root takes the old one's place, which is let go: the host's files are no longer there.
 * 4. A user namespace of its own for init and all that enters later; the host process maps its ids. INVARIANT: it owns none of the others, so that
 *    root inside can change no mount, address or host name, and is no one on the host.
 * 5. Init: `cat` on a pipe that the host process holds. Its end, even by kill -9, is end of file here, and with init the
 *    kernel ends every process of the PID namespace. SIGCHLD is ignored, so that orphans leave no zombies (wait(2)).
 */
export const buildScript = `
set -eu
umask 022
read -r pid _ </proc/self/stat
ip -batch - <<'END'
link set lo up
address add 169.254.169.254/32 dev lo
END
echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start
echo 0 >/proc/sys/net/ipv4/tcp_max_tw_buckets
echo "network $pid"
while read -r kind mode owner path; do
  if [ ! -L "$path" ]; then
    if [ "$kind" = file ] && [ -f "$path" ]; then continue; fi
    if [ "$kind" = directory ] && [ -d "$path" ]; then continue; fi
    if [ "$kind" = home ] && [ -d "$path" ]; then
      if [ "$6" = renew ]; then chown -hR -- "$owner:$owner" "$path"; fi
      continue
    fi
  fi
  rm -rf -- "$path"
  if [ "$kind" = file ]; then install -m "$mode" -o "$owner" -g "$owner" -- /dev/null "$path"
  else install -d -m "$mode" -o "$owner" -g "$owner" -- "$path"; fi
done <"$3"
mount --all --fstab "$2"
hostname -- "$4"
cd "$1"
pivot_root . mnt
cd /
umount -l /mnt
exec unshare --user --keep-caps sh -c '
echo entered
read -r _ || exit 1
exec env --ignore-signal=CHLD setpriv --reuid 0 --regid 0 "$1" --no-new-privs \\
  --inh-caps=-all --ambient-caps=-all --bounding-set=-all cat >/dev/null 2>&1
' sh "$5"
`;
