// Prints what the dashboard is made of, as CycloneDX: `node scripts/sbom.js`. Of package-lock.json all that is no tool of the build;
// `npm sbom` leaves out what others name as their peer, React first of all. The same lock, the same bytes.
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const lock = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package-lock.json'), 'utf8'));

/** The package URL of npm: https://github.com/package-url/purl-spec */
const purl = (name, version) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

const component = ([place, { version, license, integrity }]) => {
  const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
  return {
    type: 'library',
    'bom-ref': purl(name, version),
    name,
    version,
    purl: purl(name, version),
    licenses: license ? [{ expression: license }] : [],
    hashes: (integrity ?? '')
      .split(' ')
      .filter((hash) => hash.startsWith('sha512-'))
      .map((hash) => ({
        alg: 'SHA-512',
        content: Buffer.from(hash.slice('sha512-'.length), 'base64').toString('hex'),
      })),
  };
};

const bom = {
  $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: { component: { type: 'application', name: lock.name, version: lock.version } },
  components: Object.entries(lock.packages)
    .filter(([place, { dev }]) => place !== '' && !dev)
    .map(component),
};
console.log(JSON.stringify(bom, null, 2));
