/**
 * Refuses a build whose first load is too large: the JavaScript that a browser gets before it can show the overview,
 * gzipped. What other pages need comes when they are opened.
 */
import { gzipSync } from 'node:zlib';

/** @param {{ page: string, mostBytes: number }} limit the module of the page that is shown first */
export function firstLoad({ page, mostBytes }) {
  return {
    name: 'first-load',
    /** @param {unknown} _options @param {Record<string, any>} bundle */
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
      const first = chunks.filter((chunk) => chunk.isEntry || chunk.facadeModuleId?.endsWith(page));
      if (!first.some((chunk) => !chunk.isEntry)) this.error(`no chunk of its own holds ${page}`);
      const needed = new Set();
      const take = (name) => {
        if (needed.has(name)) return;
        needed.add(name);
        bundle[name]?.imports?.forEach(take);
      };
      first.forEach((chunk) => take(chunk.fileName));
      const bytes = [...needed]
        .map((name) => (bundle[name]?.type === 'chunk' ? gzipSync(bundle[name].code).length : 0))
        .reduce((sum, size) => sum + size, 0);
      const told = `${(bytes / 1000).toFixed(0)} kB of JavaScript, gzipped, in ${needed.size} files`;
      if (bytes > mostBytes) this.error(`the first load is ${told}; at most ${mostBytes / 1000} kB are allowed`);
      this.info(`first load: ${told}`);
    },
  };
}
