import type { Command } from '@commander-js/extra-typings';
import type { Context, Finish } from './context.ts';

/** A command's module: adds its flags and its action to the command that carries its name. */
export interface CommandModule {
  readonly define: (command: Command, context: Context, finish: Finish) => void;
}
