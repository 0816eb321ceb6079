/** A module of ours as it is shipped: what is measured is dist/, and only the load around it runs from sources. */
export async function built<Module>(path: string): Promise<Module> {
  return (await import(new URL(`../dist/${path}.js`, import.meta.url).href)) as Module;
}
