/** A colour of the theme as a canvas takes it: the page itself works out what a variable stands for in the theme that is shown. */
export function resolvedColour(element: HTMLElement, variable: string): string {
  const probe = document.createElement('span');
  probe.hidden = true;
  probe.style.color = `var(${variable})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
