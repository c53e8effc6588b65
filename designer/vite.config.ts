// Builds the web app into dist/designer. Everything the page needs is part of the build (also the character maps
// and fonts of pdf.js), so that it runs without internet and under `script-src 'self'`.

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig, type Plugin } from 'vite';

const here = import.meta.dirname;
const pdfjsDir = path.dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));

/** Folders that pdf.js fetches by name at run time, published under /pdfjs/. */
const PDFJS_FOLDERS = ['cmaps', 'standard_fonts', 'wasm'];

function publishPdfjsData(): Plugin {
  return {
    name: 'tram:pdfjs-data',
    generateBundle() {
      for (const folder of PDFJS_FOLDERS) {
        for (const name of readdirSync(path.join(pdfjsDir, folder))) {
          this.emitFile({
            type: 'asset',
            fileName: `pdfjs/${folder}/${name}`,
            source: readFileSync(path.join(pdfjsDir, folder, name)),
          });
        }
      }
    },
    configureServer(server) {
      server.middlewares.use('/pdfjs', (request, response, next) => {
        const [folder = '', name = ''] = (request.url ?? '')
          .replace(/[?#].*$/, '')
          .slice(1)
          .split('/');
        const isKnown = PDFJS_FOLDERS.includes(folder) && readdirSync(path.join(pdfjsDir, folder)).includes(name);
        if (!isKnown) return next();
        response.end(readFileSync(path.join(pdfjsDir, folder, name)));
      });
    },
  };
}

export default defineConfig({
  root: here,
  plugins: [vue(), publishPdfjsData()],
  define: {
    __VUE_I18N_LEGACY_API__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
    __INTLIFY_DROP_MESSAGE_COMPILER__: 'false',
  },
  build: {
    outDir: path.join(here, '../dist/designer'),
    emptyOutDir: true,
    target: 'es2022',
    // A data: URL would need an exception in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': process.env['TRAM_API_URL'] ?? 'http://127.0.0.1:8080' },
  },
});
