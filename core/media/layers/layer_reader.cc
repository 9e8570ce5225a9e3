#include "core/media/layers/layer_reader.h"

#include "core/media/layers/av1_layers.h"
#include "core/media/layers/descriptor_layers.h"
#include "core/media/layers/h264_layers.h"
#include "core/media/layers/vp8_layers.h"
#include "core/media/layers/vp9_layers.h"

namespace sluice {
namespace {

template <class PayloadLayers>
class CodecLayerReader final : public LayerReader {
 public:
  PacketLayers read(Bytes payload, std::optional<Bytes> dependency_descriptor, bool marker) noexcept override {
    const PacketLayers from_payload = payload_.read(payload, marker);
    if (!dependency_descriptor) return from_payload;
    auto described = descriptor_.read(*dependency_descriptor, marker);
    if (!described) return from_payload;
    described->pictures = from_payload.pictures;
    return *described;
  }

 private:
  PayloadLayers payload_;
  DescriptorLayers descriptor_;
};

}  // namespace

std::unique_ptr<LayerReader> make_layer_reader(VideoCodec codec) {
  switch (codec) {
    case VideoCodec::vp8:
      return std::make_unique<CodecLayerReader<Vp8Layers>>();
    case VideoCodec::vp9:
      return std::make_unique<CodecLayerReader<Vp9Layers>>();
    case VideoCodec::h264:
      return std::make_unique<CodecLayerReader<H264Layers>>();
    case VideoCodec::av1:
      return std::make_unique<CodecLayerReader<Av1Layers>>();
  }
  return nullptr;
}

}  // namespace sluice
