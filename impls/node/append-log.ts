import { closeSync, openSync, writeSync } from 'node:fs';

/** The log cannot take what must be in it before the process goes on. */
export class LogWriteError extends Error {
  override readonly name = 'LogWriteError';
}

/** Lines gathered in memory, appended to a file by one write at each `flush`, so that lines of several processes never mix. */
export class AppendLog {
  private readonly path: string;
  private readonly fd: number;
  private text = '';

  constructor(path: string) {
    this.path = path;
    try {
      this.fd = openSync(path, 'a');
    } catch (cause) {
      throw new LogWriteError(`cannot open ${path}: ${(cause as Error).message}`, { cause });
    }
  }

  add(line: string): void {
    this.text += line + '\n';
  }

  flush(): void {
    if (this.text === '') return;
    const bytes = Buffer.from(this.text);
    this.text = '';
    try {
      let written = 0;
      while (written < bytes.length) written += writeSync(this.fd, bytes, written);
    } catch (cause) {
      throw new LogWriteError(`cannot write ${this.path}: ${(cause as Error).message}`, { cause });
    }
  }

  close(): void {
    this.flush();
    closeSync(this.fd);
  }
}
