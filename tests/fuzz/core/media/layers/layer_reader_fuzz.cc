// Hostile payloads and descriptors of each codec, one after the other as in a stream.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

#include "core/media/layers/layer_reader.h"

namespace sluice {
namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const PacketLayers& layers, Bytes payload) {
  require(layers.spatial < kMaxLayers && layers.temporal < kMaxLayers);
  require(layers.spatial < layers.spatial_layers && layers.spatial_layers <= kMaxLayers);
  const PictureNumbers& pictures = layers.pictures;
  require(pictures.id_at == 0 || pictures.id_at + (pictures.long_id ? 2U : 1U) <= payload.size());
  require(pictures.tl0_at == 0 || pictures.tl0_at < payload.size());
  require(pictures.id <= (pictures.long_id ? 0x7fff : 0x7f));
}

// The first octet names the codec; then for each packet | marker, descriptor? | size | payload | size | descriptor |.
void run(Bytes input) {
  ByteReader in{input};
  const auto reader = make_layer_reader(static_cast<VideoCodec>(in.u8() % 4));
  while (in.remaining() > 0) {
    const std::uint8_t flags = in.u8();
    const Bytes payload = in.bytes(std::min<std::size_t>(in.u8(), in.remaining()));
    std::optional<Bytes> descriptor;
    if ((flags & 2) != 0) descriptor = in.bytes(std::min<std::size_t>(in.u8(), in.remaining()));
    check(reader->read(payload, descriptor, (flags & 1) != 0), payload);
  }
}

}  // namespace
}  // namespace sluice

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sluice::run({data, size});
  return 0;
}
