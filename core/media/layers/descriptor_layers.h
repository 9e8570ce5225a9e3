#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "core/base/byte_reader.h"
#include "core/media/layers/dependency_descriptor.h"
#include "core/media/layers/packet_layers.h"

namespace sluice {

/// Says from dependency descriptors alone what packets are: one object per stream, which keeps the template structure
/// from one key frame to the next.
class DescriptorLayers {
 public:
  /// None: not a descriptor, or one that contradicts itself. Before the first structure, and where a packet's template
  /// is of a structure that is gone, only the frame's ends are known.
  [[nodiscard]] std::optional<PacketLayers> read(Bytes element, bool marker) noexcept;

 private:
  // A structure of a frame so little older than the newest is that of a key frame which came late.
  static constexpr int kMaxLate = 1000;

  struct Structures {
    TemplateStructure in_force;
    TemplateStructure attached;  // to be read into
    bool has_one = false;
  };

  [[nodiscard]] bool is_late(std::uint16_t frame_number) const noexcept;
  [[nodiscard]] static PacketLayers layers_of(const DependencyDescriptor& descriptor,
                                              const TemplateStructure& structure, std::uint32_t active,
                                              PacketLayers layers) noexcept;

  std::unique_ptr<Structures> structures_;  // 10 kB: null until there is a descriptor
  std::uint32_t active_targets_ = 0;
  std::uint16_t newest_frame_ = 0;
};

}  // namespace sluice
