import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What the build makes of results/page/, beside the compiled modules; run from sources, there is only the style of what needs no script. */
export function readPageFiles(): { readonly script: string | null; readonly style: string } {
  return {
    script: contentOf('../page/page.js'),
    style: contentOf('../page/page.css') ?? contentOf('../page/report.css') ?? '',
  };
}

function contentOf(path: string): string | null {
  const file = fileURLToPath(new URL(path, import.meta.url));
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}
