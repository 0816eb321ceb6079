/** Everything there is, one after another. */
await import('./wall.ts');
await import('./proxy.ts');
await import('./impls.ts');
