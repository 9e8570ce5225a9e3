#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/base/byte_reader.h"
#include "sluice/result.h"

namespace sluice {

/// What a frame is to a decode target, AV1 RTP payload specification, appendix A.5.
enum class DecodeTargetIndication : std::uint8_t {
  not_present = 0,  ///< it does not belong to it
  discardable = 1,  ///< nothing depends on it
  switching = 2,    ///< whoever can decode it can decode all that follows of the target
  required = 3
};

inline constexpr std::size_t kMaxTemplates = 64;      ///< what 6 bits of template id can name
inline constexpr std::size_t kMaxDecodeTargets = 32;  ///< what 5 bits can count
inline constexpr std::size_t kMaxChains = kMaxDecodeTargets;
/// Frames that one frame refers to; AV1 has 7.
inline constexpr std::size_t kMaxReferences = 16;
inline constexpr std::size_t kMaxDescribedLayers = 32;  ///< a bound of ours on spatial and temporal ids

/// What one frame says, or a template: its layer, what it is to each decode target, and what it refers to.
struct FrameDependencies {
  struct Chains {
    std::array<std::uint8_t, kMaxChains> differences{};  ///< frames since the last one of the chain; 0: none
  };
  std::uint8_t spatial = 0;
  std::uint8_t temporal = 0;
  std::uint8_t reference_count = 0;
  std::uint64_t indications = 0;                           ///< two bits for each decode target, the first one lowest
  std::array<std::uint16_t, kMaxReferences> references{};  ///< frames back, 1 to 4096
  Chains chains;

  [[nodiscard]] DecodeTargetIndication indication(std::size_t target) const noexcept {
    return static_cast<DecodeTargetIndication>(indications >> (2 * target) & 3);
  }
  [[nodiscard]] std::span<const std::uint16_t> references_used() const noexcept {
    return {references.data(), reference_count};
  }
};

/// What the first packet of a coded video sequence says of all its frames: appendix A.8.3, template dependency
/// structure. About 5 kB: keep it where it is, on the heap.
struct TemplateStructure {
  struct Layer {
    std::uint8_t spatial = 0;
    std::uint8_t temporal = 0;
  };
  struct Resolution {
    std::uint32_t width = 0;  ///< pixels, 1 to 65536
    std::uint32_t height = 0;
  };

  std::uint8_t id_offset = 0;
  std::uint8_t template_count = 0;
  std::uint8_t target_count = 0;
  std::uint8_t chain_count = 0;
  std::uint8_t spatial_layers = 0;
  bool has_resolutions = false;
  std::array<FrameDependencies, kMaxTemplates> templates;
  std::array<Layer, kMaxDecodeTargets> targets;              ///< the highest layers of each decode target
  std::array<std::uint8_t, kMaxDecodeTargets> protected_by;  ///< the chain of each decode target
  std::array<Resolution, kMaxDescribedLayers> resolutions;   ///< by spatial layer
};

/// The element of one packet.
struct DependencyDescriptor {
  bool starts_frame = false;
  bool ends_frame = false;
  std::uint8_t template_id = 0;
  std::uint16_t frame_number = 0;
  bool has_structure = false;  ///< the structure given to parse_dependency_descriptor() was filled
  bool has_active_targets = false;
  std::uint32_t active_targets = 0;  ///< one bit for each decode target, the first one lowest
  bool has_frame = false;            ///< `frame` is known; not so before the first structure
  FrameDependencies frame;
};

enum class DescriptorError : std::uint8_t {
  too_short,        ///< fewer octets than the mandatory fields, or than a later field needs
  too_large,        ///< more templates, layers or references than the bounds above
  unknown_template  ///< of another structure: a packet that came late, or the structure was lost
};

/// Parses the header extension, AV1 RTP payload specification, appendix A.8.
/// @param current   The structure in force; null: none was received.
/// @param attached  Receives the structure that the packet carries, if any: it is the one that the packet goes by. Its
///                  content is unspecified where none is attached or an error is returned.
[[nodiscard]] Result<DependencyDescriptor, DescriptorError> parse_dependency_descriptor(
    Bytes element, const TemplateStructure* current, TemplateStructure& attached) noexcept;

}  // namespace sluice
