#pragma once

#include <memory>
#include <optional>

#include "core/base/byte_reader.h"
#include "core/media/layers/packet_layers.h"
#include "core/media/rtp/video_codec.h"

namespace sluice {

/// Tells what the packets of one stream are: which layer, where frames begin, where a decoder can start.
///
/// One object per SSRC: it may remember what only key frames tell (VP9's scalability structure, the descriptor's
/// templates). Feed it every packet once, late ones, too.
/// @note Worker thread only; allocates when the first dependency descriptor comes, never after.
class LayerReader {
 public:
  virtual ~LayerReader() = default;

  /// @param payload                RTP payload without padding.
  /// @param dependency_descriptor  The packet's element of that extension. Where it can be read it decides alone: the
  ///                               payload may then be encrypted end to end.
  /// @param marker                 RTP's marker bit.
  [[nodiscard]] virtual PacketLayers read(Bytes payload, std::optional<Bytes> dependency_descriptor,
                                          bool marker) noexcept = 0;
};

[[nodiscard]] std::unique_ptr<LayerReader> make_layer_reader(VideoCodec codec);

}  // namespace sluice
