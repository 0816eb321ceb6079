import type { Layer, LayerConfig, LayerPort } from '../../layer.ts';
import type { Request } from '../../messages.ts';
import { requestKey } from '../../messages.ts';
import { PassiveLayer } from '../../passive/layer.ts';

/** The primary answers as soon as it has executed: what only it had is lost with it. */
class ReplyBeforeBackups extends PassiveLayer {
  protected override executeAtPrimary(request: Request): void {
    super.executeAtPrimary(request);
    const known = this.speculation.known(request);
    if (known.type === 'answered') this.answer(requestKey(request), request, known.reply);
  }
}

export const makeReplyBeforeBackups = (port: LayerPort, config: LayerConfig): Layer =>
  new ReplyBeforeBackups(port, config);
