import { constants, statSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  exitCodes,
  FtcheckError,
  messageOf,
  systemErrorCode,
  UsageError,
  type ExitCode,
} from '../../core/errors.ts';
import { wallClock } from '../../harness/clock.ts';
import { renderPage } from '../../results/compare/html.ts';
import { respond, type Answer, type Site } from '../../results/serve/respond.ts';
import { storedComparison } from '../compare/stored.ts';
import type { Context } from '../context.ts';
import { program, quoted } from '../replay-command.ts';
import { openInBrowser } from './open.ts';
import { isOn, read, type Settings } from '../settings.ts';
import { text, wholeNumber } from '../values.ts';

const address = '127.0.0.1';

/** Shows stored runs in a browser until it is interrupted, which is how it is meant to end. */
export async function serve(settings: Settings, context: Context): Promise<ExitCode> {
  const folder = resolve(context.cwd, read(settings, 'runs', text, 'ftcheck-runs'));
  const port = read(settings, 'port', wholeNumber(0, 65_535), 0);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    const given = settings.has('runs')
      ? `--runs: ${folder} is no folder`
      : `there is no folder ${folder}: no run was stored here; --runs names another`;
    throw new UsageError(given);
  }
  await using site = await RunServer.listen({
    folder,
    port,
    onError: (why) => void context.stderr.write(`ftcheck: ${why}\n`),
    drawComparison: comparisonDrawer(folder, context),
  });
  context.stdout.write(`${site.url}\n`);
  context.stderr.write(`ftcheck: serving ${folder}; Ctrl-C ends it\n`);
  if (isOn(settings, 'open')) {
    const why = await openInBrowser(site.url);
    if (why !== null) context.stderr.write(`ftcheck: --open: ${why}; open the address yourself\n`);
  }
  await aborted(context.signal);
  return exitCodes.valid;
}

/** As `ftcheck compare` draws two stored runs. */
function comparisonDrawer(folder: string, context: Context): Site['drawComparison'] {
  return (first, second) =>
    renderPage(
      storedComparison({
        runs: [first, second],
        seed: 1,
        out: folder,
        hasBaseline: false,
        facts: {
          date: wallClock().toISOString(),
          environment: {
            node: process.versions.node,
            platform: `${process.platform} ${process.arch}`,
            cpus: cpus().length,
          },
          seed: 1,
          command: [`${program} compare`, ...[first, second].map(quoted)].join(' '),
        },
        context,
      }),
    );
}

/** The listening socket and all connections to it; disposing it closes them. */
class RunServer implements AsyncDisposable {
  readonly url: string;
  private readonly server: Server;

  static async listen(input: {
    readonly folder: string;
    readonly port: number;
    readonly onError: (why: string) => void;
    readonly drawComparison: Site['drawComparison'];
  }): Promise<RunServer> {
    const { folder, port, onError, drawComparison } = input;
    let hosts: readonly string[] = [];
    const server = createServer((request, response) => {
      answer(request, response, { folder, hosts, drawComparison }).catch((thrown: unknown) => {
        response.destroy();
        // Whoever goes away in the middle of a file is no trouble.
        if (systemErrorCode(thrown) !== 'ERR_STREAM_PREMATURE_CLOSE') onError(messageOf(thrown));
      });
    });
    const bound = await listening(server, port);
    hosts = [`${address}:${bound}`, `localhost:${bound}`];
    return new RunServer(server, bound);
  }

  private constructor(server: Server, port: number) {
    this.server = server;
    this.url = `http://${address}:${port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((done) => this.server.close(() => done()));
    this.server.closeAllConnections();
    await closed;
  }
}

/** The port that it listens on. */
function listening(server: Server, port: number): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', (cause) => fail(listenError(port, cause)));
    server.listen({ host: address, port }, () => {
      const bound = server.address();
      done(typeof bound === 'object' && bound !== null ? bound.port : port);
    });
  });
}

function listenError(port: number, cause: Error): FtcheckError {
  const code = systemErrorCode(cause);
  if (code === 'EADDRINUSE') {
    return new UsageError(`--port ${port}: another program listens there; leave it out for any free port`);
  }
  if (code === 'EACCES') {
    return new UsageError(`--port ${port}: this user may not listen there; take one above 1023`);
  }
  return new FtcheckError(`cannot listen on ${address}:${port}`, { cause });
}

async function answer(request: IncomingMessage, response: ServerResponse, site: Site): Promise<void> {
  const asked = {
    method: request.method ?? '',
    target: request.url ?? '/',
    host: request.headers.host ?? '',
  };
  const given = respond(asked, site);
  const isHead = asked.method === 'HEAD';
  if (typeof given.body !== 'string') return sendFile(response, given, given.body.file, isHead);
  const body = Buffer.from(given.body);
  response.writeHead(given.status, { ...given.headers, 'content-length': body.length });
  response.end(isHead ? undefined : body);
}

/** As much as there was when it was opened: a run under way appends. */
async function sendFile(
  response: ServerResponse,
  { status, headers }: Answer,
  path: string,
  isHead: boolean,
): Promise<void> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    response.writeHead(404, headers).end(); // removed, or made a link, since it was listed
    return;
  }
  await using _file = file;
  const stat = await file.stat();
  if (!stat.isFile()) {
    response.writeHead(404, headers).end();
    return;
  }
  response.writeHead(status, { ...headers, 'content-length': stat.size });
  if (isHead || stat.size === 0) response.end();
  else await pipeline(file.createReadStream({ start: 0, end: stat.size - 1, autoClose: false }), response);
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), { once: true });
  });
