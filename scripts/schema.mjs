// node --import tsx scripts/schema.mjs: writes docs/schema/verdict.schema.json from the schema in results/; a test holds the two together.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const { verdictJsonSchema } = await import('../results/verdict-schema.ts');
const target = new URL('../docs/schema/verdict.schema.json', import.meta.url);
mkdirSync(fileURLToPath(new URL('.', target)), { recursive: true });
writeFileSync(target, `${JSON.stringify(verdictJsonSchema(), null, 2)}\n`);
console.log(fileURLToPath(target));
