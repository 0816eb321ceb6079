import { readConfigFile } from './config-file.ts';
import type { Context } from './context.ts';
import type { Registry } from './registry.ts';
import { runSettings } from './run-settings.ts';
import { merge, read, type Settings } from './settings.ts';
import { text } from './values.ts';

/** Flags over ftcheck.yaml over nothing. */
export async function loadSettings(flags: Settings, registry: Registry, context: Context): Promise<Settings> {
  const path = read(flags, 'config', text, undefined);
  return merge(await readConfigFile(path, context.cwd, runSettings(registry)), flags);
}
