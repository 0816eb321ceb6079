/** A link proxy in a process of its own: `proxy-link-main PORT`, with the port that it leads to. */
import { openLink } from './proxy-link.ts';

process.on('disconnect', () => process.exit());
const { port } = await openLink(Number(process.argv[2]));
process.send?.({ port });
