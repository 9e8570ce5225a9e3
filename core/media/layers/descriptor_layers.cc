#include "core/media/layers/descriptor_layers.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sluice {
namespace {

constexpr std::uint8_t kMandatoryOctets = 3;

std::uint8_t bounded(std::uint8_t layer) noexcept { return std::min(layer, kTopLayer); }

// Of the active decode targets: 1 where all are inactive, which makes no sense.
std::uint8_t active_spatial_layers(const TemplateStructure& structure, std::uint32_t active) noexcept {
  std::uint8_t top = 0;
  for (std::size_t i = 0; i < structure.target_count; ++i) {
    if ((active >> i & 1) != 0) top = std::max(top, structure.targets[i].spatial);
  }
  return static_cast<std::uint8_t>(bounded(top) + 1);
}

bool used_above(const TemplateStructure& structure, const FrameDependencies& frame) noexcept {
  for (std::size_t i = 0; i < structure.target_count; ++i) {
    if (structure.targets[i].spatial > frame.spatial && frame.indication(i) != DecodeTargetIndication::not_present) {
      return true;
    }
  }
  return false;
}

// The highest temporal layer to whose decode target, of the frame's own spatial layer, the frame is a switch.
std::uint8_t temporal_switch(const TemplateStructure& structure, const FrameDependencies& frame) noexcept {
  std::uint8_t to = 0;
  for (std::size_t i = 0; i < structure.target_count; ++i) {
    const auto& target = structure.targets[i];
    if (target.spatial == frame.spatial && frame.indication(i) == DecodeTargetIndication::switching) {
      to = std::max(to, bounded(target.temporal));
    }
  }
  return to;
}

// The highest spatial layer to all of whose decode targets the frame is a switch.
std::uint8_t spatial_switch(const TemplateStructure& structure, const FrameDependencies& frame) noexcept {
  std::array<bool, kMaxLayers> is_switch{};
  is_switch.fill(true);
  std::array<bool, kMaxLayers> exists{};
  for (std::size_t i = 0; i < structure.target_count; ++i) {
    const std::uint8_t spatial = bounded(structure.targets[i].spatial);
    exists[spatial] = true;
    is_switch[spatial] = is_switch[spatial] && frame.indication(i) == DecodeTargetIndication::switching;
  }
  std::uint8_t to = 0;
  for (std::uint8_t spatial = bounded(frame.spatial); spatial < kMaxLayers; ++spatial) {
    if (exists[spatial] && is_switch[spatial]) to = spatial;
  }
  return to;
}

}  // namespace

bool DescriptorLayers::is_late(std::uint16_t frame_number) const noexcept {
  const auto behind = static_cast<std::int16_t>(newest_frame_ - frame_number);
  return structures_->has_one && behind > 0 && behind < kMaxLate;
}

std::optional<PacketLayers> DescriptorLayers::read(Bytes element, bool marker) noexcept {
  if (element.size() < kMandatoryOctets) return std::nullopt;
  if (structures_ == nullptr) structures_ = std::make_unique<Structures>();
  const TemplateStructure* current = structures_->has_one ? &structures_->in_force : nullptr;
  const auto descriptor = parse_dependency_descriptor(element, current, structures_->attached);
  if (!descriptor && descriptor.error() != DescriptorError::unknown_template) return std::nullopt;

  PacketLayers layers{.begins_frame = (element[0] & 0x80) != 0,
                      .ends_frame = (element[0] & 0x40) != 0,
                      .ends_picture = marker,
                      .described = true};
  if (!descriptor || !descriptor->has_frame) return layers;

  const bool late = is_late(descriptor->frame_number);
  if (!late) newest_frame_ = descriptor->frame_number;
  if (descriptor->has_structure && late)
    return layers_of(*descriptor, structures_->attached, descriptor->active_targets, layers);
  if (descriptor->has_structure) {
    std::swap(structures_->in_force, structures_->attached);
    structures_->has_one = true;
  }
  if (descriptor->has_structure || descriptor->has_active_targets) active_targets_ = descriptor->active_targets;
  return layers_of(*descriptor, structures_->in_force, active_targets_, layers);
}

PacketLayers DescriptorLayers::layers_of(const DependencyDescriptor& descriptor, const TemplateStructure& structure,
                                         std::uint32_t active, PacketLayers layers) noexcept {
  const FrameDependencies& frame = descriptor.frame;
  layers.spatial = bounded(frame.spatial);
  layers.temporal = bounded(frame.temporal);
  layers.spatial_layers =
      std::max(active_spatial_layers(structure, active), static_cast<std::uint8_t>(layers.spatial + 1));
  layers.used_by_upper_spatial = used_above(structure, frame);
  if (!descriptor.starts_frame) return layers;
  // The structure stands in the first packet of a coded video sequence, which begins with a frame that refers to none.
  layers.keyframe = descriptor.has_structure && frame.reference_count == 0;
  layers.switches_temporal_to = layers.keyframe ? kTopLayer : temporal_switch(structure, frame);
  layers.switches_spatial_to = layers.keyframe ? kTopLayer : spatial_switch(structure, frame);
  return layers;
}

}  // namespace sluice
