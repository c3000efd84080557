/** Too narrow for two things beside each other: the same width as `md:` in the styles. */
export function isPhone(): boolean {
  return matchMedia('(width < 48rem)').matches;
}

/** Wide enough for the chats, a chat and its project: the same width as `lg:` in the styles. */
export function isWide(): boolean {
  return matchMedia('(width >= 64rem)').matches;
}
