/** What went wrong between an app and the proxy. */
export class HeadroomError extends Error {
  /** What the proxy answered, where it answered at all. */
  readonly status: number | undefined;

  constructor(message: string, options: { status?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = "HeadroomError";
    this.status = options.status;
  }
}
