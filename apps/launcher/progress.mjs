let out = process.stdout;

/** Where `progress` speaks: a program whose output is read by others keeps its standard output for itself. */
export function speakTo(stream) {
  out = stream;
}

/** Says what takes long: on a terminal one line that counts seconds, elsewhere a line at the start and each 10 s. */
export async function progress(text, work) {
  const begin = Date.now();
  const seconds = () => Math.round((Date.now() - begin) / 1_000);
  const terminal = out.isTTY;
  const show = () => out.write(terminal ? `\r  ${text} ${seconds()} s ` : `  ${text} ${seconds()} s\n`);
  out.write(terminal ? `  ${text}` : `  ${text}\n`);
  const timer = setInterval(show, terminal ? 1_000 : 10_000);
  try {
    const value = await work();
    out.write(
      `${terminal ? `\r  ${text}` : `  ${text}`} done in ${((Date.now() - begin) / 1_000).toFixed(1)} s\n`,
    );
    return value;
  } catch (error) {
    if (terminal) out.write('\n');
    throw error;
  } finally {
    clearInterval(timer);
  }
}
