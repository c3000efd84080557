const [MAJOR, MINOR] = [20, 19];

/** @throws on a Node that is too old, in words instead of a syntax error from some package. */
export function requireNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if (major > MAJOR || (major === MAJOR && minor >= MINOR)) return;
  throw Object.assign(
    new Error(`Node ${version} is too old: LOL Chat Log needs ${MAJOR}.${MINOR} or newer.`),
    { plain: true },
  );
}
