/** What a page for this prompt is called. */
export function nameOf(prompt: string): string {
  const line = prompt.replaceAll(/\s+/g, ' ').trim();
  return Array.from(line).slice(0, 60).join('') || 'Hello';
}

const sharp = 'border-radius: 0';
const round = 'border-radius: 1em';

/** A small page that waves: the same prompt gets the same one. */
export function filesOf(prompt: string): Record<string, string> {
  const name = escapeHtml(nameOf(prompt));
  const hue = Array.from(nameOf(prompt)).reduce(
    (sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 360,
    7,
  );
  return {
    'index.html': `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>${name}</title>
  </head>
  <body>
    <main>
      <h1>${name}</h1>
      <button id="wave">Wave</button>
    </main>
  </body>
</html>
`,
    'style.css': `body {
  display: grid;
  place-items: center;
  min-height: 100vh;
  margin: 0;
  font: 600 2rem system-ui;
  background: hsl(${hue} 70% 94%);
  color: hsl(${hue} 60% 25%);
}
button {
  font: inherit;
  padding: 0.6em 1em;
  border: 0;
  ${sharp};
  background: hsl(${hue} 70% 55%);
  color: white;
  cursor: pointer;
}
`,
    'script.js': `let waves = 0;
const button = document.getElementById('wave');
button.addEventListener('click', () => {
  waves += 1;
  button.textContent = '👋'.repeat(waves);
});
`,
  };
}

/** What a second look changes. */
export const edits = (): { file_path: string; old_string: string; new_string: string }[] => [
  { file_path: 'style.css', old_string: sharp, new_string: round },
];

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
