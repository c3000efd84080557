/** The directives as a header's value. */
function policy(directives: Record<string, string>): string {
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`.trim())
    .join('; ');
}

const common = {
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/**
 * Of the app's own page: it loads and calls nothing but this server, runs no script that is not a file of it, and is in no
 * frame. What a model wrote can therefore run nothing and fetch nothing, even if it got past the page's own rendering.
 */
export const pageHeaders = {
  ...common,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Content-Security-Policy': policy({
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': "'self' data: blob:",
    'font-src': "'self'",
    'connect-src': "'self'",
    'frame-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
    'require-trusted-types-for': "'script'",
    'trusted-types': "'none'",
  }),
};

/**
 * Of a page that a model made: its scripts run, as an origin of their own that is nobody's (`sandbox` without
 * `allow-same-origin`), and it may show assets of the web. It calls nobody, so not this server either, and is in frames of
 * this server alone.
 */
export const previewHeaders = {
  ...common,
  'Cache-Control': 'no-cache',
  'Content-Security-Policy': policy({
    sandbox: 'allow-scripts',
    'default-src': "'none'",
    'script-src': "'unsafe-inline' 'unsafe-eval' https: data: blob:",
    'style-src': "'unsafe-inline' https: data:",
    'img-src': 'https: data: blob:',
    'media-src': 'https: data: blob:',
    'font-src': 'https: data:',
    'connect-src': 'data: blob:',
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'self'",
  }),
};
