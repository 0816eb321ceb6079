import type { Layer, LayerConfig, LayerPort } from '../../layer.ts';
import { PassiveLayer } from '../../passive/layer.ts';
import type { Known } from '../../state.ts';

/** Nobody remembers an answer: a repeated request is executed again. */
class NoReplyCache extends PassiveLayer {
  protected override known(): Known {
    return { type: 'new' };
  }
}

export const makeNoReplyCache = (port: LayerPort, config: LayerConfig): Layer =>
  new NoReplyCache(port, config);
