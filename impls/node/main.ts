#!/usr/bin/env node
/** A replica as a process: `node main.js CONFIG`, with a NodeConfig of core/child.ts as JSON or as `@file`. */
import { makeReplica } from '../replica-registry.ts';
import { runNode } from './run-node.ts';

runNode(process.argv[2], makeReplica);
