import { execa } from 'execa';
import { systemErrorCode } from '../../core/errors.ts';
import { withinMs } from '../../harness/within.ts';

/** So long an opener may take to fail; one that still runs then is, or has become, the browser. */
const failsWithinMs = 2000;

/** Opens an address in the user's browser, which is then his and not ours to end. Null, or why that could not be done. */
export async function openInBrowser(url: string): Promise<string | null> {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const started = execa(opener, [url], { stdio: 'ignore', detached: true, cleanup: false, reject: false });
  started.unref();
  const result = await withinMs(started, failsWithinMs);
  if (result === 'late' || !result.failed) return null;
  return systemErrorCode(result.cause) === 'ENOENT' ? `there is no ${opener}` : `${opener} failed`;
}
