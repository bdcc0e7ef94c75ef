/**
 * Writes src/shared/api.d.ts, the types of the API, from openapi.json of admin-app, which a test there keeps true.
 * With --check it only looks whether they are the ones that are committed.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const document = new URL('../../admin-app/src/main/openapi/openapi.json', import.meta.url);
const types = new URL('../src/shared/api.d.ts', import.meta.url);

const wanted = `/** Made from openapi.json of admin-app by npm run api; do not edit. */\n\n${astToString(await openapiTS(document))}`;
const committed = existsSync(types) ? readFileSync(types, 'utf8') : '';

if (process.argv.includes('--check')) {
  if (committed !== wanted) {
    console.error(
      'src/shared/api.d.ts is not what openapi.json of admin-app says: run npm run api in frontend, and commit it.',
    );
    process.exit(1);
  }
} else if (committed !== wanted) {
  writeFileSync(types, wanted);
}
