/** Text that is not what it should be; who reads it knows the file and the line, and makes a UsageError of it. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
  /** Where in the text that was given. */
  readonly at: number;
  constructor(at: number, why: string) {
    super(why);
    this.at = at;
  }
}
