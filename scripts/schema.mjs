// node --import tsx scripts/schema.mjs: writes docs/schema/*.schema.json from the schemas in results/; tests hold them together.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const { verdictJsonSchema } = await import('../results/verdict-schema.ts');
const { comparisonJsonSchema } = await import('../results/compare/schema.ts');
const folder = new URL('../docs/schema/', import.meta.url);
mkdirSync(fileURLToPath(folder), { recursive: true });
for (const [name, schema] of [
  ['verdict', verdictJsonSchema()],
  ['comparison', comparisonJsonSchema()],
]) {
  const target = fileURLToPath(new URL(`${name}.schema.json`, folder));
  writeFileSync(target, `${JSON.stringify(schema, null, 2)}\n`);
  console.log(target);
}
