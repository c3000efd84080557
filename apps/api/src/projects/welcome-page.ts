import type { WelcomeProject } from '#contracts';

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Welcome to LOL</title>
<style>
  body { display: grid; place-items: center; min-height: 100vh; margin: 0; font: 1.1rem/1.5 system-ui, sans-serif;
         background: linear-gradient(135deg, #eef2ff, #fdf2f8); color: #312e81 }
  main { max-width: 32rem; padding: 2rem; text-align: center }
  h1 { font-size: 2.4rem; margin: 0 0 .5rem }
</style>
</head>
<body>
<main>
  <h1>Hello!</h1>
  <p>This is the Live Online Laboratory. There is no project here yet: say what you would like to see, and watch it being
  built.</p>
</main>
</body>
</html>
`;

/** What the app's home page shows while the store is empty: it has no page for "nothing there". */
export const welcomeProject: WelcomeProject = {
  id: 'default',
  title: 'Welcome to LOL',
  compiled: page,
  metadata: { views: 0 },
};
