/** One after another all that ends within minutes; bench:failover, which takes hours, is called by its own name. */
await import('./checker.ts');
await import('./wall.ts');
await import('./proxy.ts');
await import('./impls.ts');
await import('./papers.ts');
await import('./null-rpc.ts');
