/**
 * Under npm this process must not outlive it: a kill of npm alone would otherwise leave a server that nobody knows of. Told as
 * by SIGTERM, so everything stops in order. Started without npm it lives on its own, also when its shell goes.
 */
export function stopWithNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 200);
  watch.unref();
}
