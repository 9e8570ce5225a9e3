// Hostile dependency descriptors, one after the other as in a stream: what is read stays within the bounds.
#include <algorithm>
#include <cstdlib>

#include "core/media/layers/dependency_descriptor.h"
#include "core/media/layers/descriptor_layers.h"

namespace sluice {
namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const FrameDependencies& frame) {
  require(frame.spatial < kMaxDescribedLayers && frame.temporal < kMaxDescribedLayers);
  require(frame.reference_count <= kMaxReferences);
  for (const std::uint16_t reference : frame.references_used()) require(reference >= 1 && reference <= 4096);
}

void check(const TemplateStructure& structure) {
  require(structure.template_count >= 1 && structure.template_count <= kMaxTemplates);
  require(structure.target_count >= 1 && structure.target_count <= kMaxDecodeTargets);
  require(structure.chain_count <= structure.target_count);
  for (std::size_t i = 0; i < structure.template_count; ++i) check(structure.templates[i]);
}

// Each element has its length in front.
void run(Bytes input) {
  TemplateStructure current;
  TemplateStructure attached;
  bool has_current = false;
  DescriptorLayers reader;
  ByteReader in{input};
  while (in.remaining() > 0) {
    const Bytes element = in.bytes(std::min<std::size_t>(in.u8(), in.remaining()));
    const auto parsed = parse_dependency_descriptor(element, has_current ? &current : nullptr, attached);
    if (parsed) {
      if (parsed->has_frame) check(parsed->frame);
      if (parsed->has_structure) {
        check(attached);
        current = attached;
        has_current = true;
      }
    }
    const auto layers = reader.read(element, false);
    if (!layers) continue;
    require(layers->spatial < kMaxLayers && layers->temporal < kMaxLayers);
    require(layers->spatial < layers->spatial_layers && layers->spatial_layers <= kMaxLayers);
    require(!layers->keyframe || layers->begins_frame);
  }
}

}  // namespace
}  // namespace sluice

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sluice::run({data, size});
  return 0;
}
