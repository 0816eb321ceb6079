import type { CommandModule } from '../program.ts';
export const define: CommandModule['define'] = () => {};
