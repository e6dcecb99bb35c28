import { defineConfig } from 'vite';

const api = process.env['HOLDFAST_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  // The server puts a fresh value in its place with every page.
  html: { cspNonce: '__nonce__' },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    manifest: 'manifest.json',
    // Files of their own only: data URLs would need a wider security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      onwarn: (warning, warn) => {
        // `use client` of the packages is for servers that render, which we are not.
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
  server: { proxy: { '/api': api, '/docs': api } },
});
