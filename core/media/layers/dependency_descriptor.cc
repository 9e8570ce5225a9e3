#include "core/media/layers/dependency_descriptor.h"

#include <algorithm>

#include "core/media/layers/bit_reader.h"

namespace sluice {
namespace {

constexpr std::size_t kMandatoryOctets = 3;
constexpr std::size_t kTemplateIds = 64;

// template_layers(): for each template the layer follows from the one before by two bits: 0 the same layer, 1 the next
// temporal layer, 2 the next spatial layer, 3 there are no more templates.
bool read_template_layers(BitReader& in, TemplateStructure& out) noexcept {
  enum Step : std::uint8_t { kNextTemporal = 1, kNextSpatial = 2, kEnd = 3 };
  FrameDependencies layer;
  std::uint8_t step = 0;
  do {
    if (out.template_count == kMaxTemplates || layer.spatial >= kMaxDescribedLayers ||
        layer.temporal >= kMaxDescribedLayers) {
      return false;
    }
    out.templates[out.template_count++] = layer;
    step = in.octet(2);
    if (step == kNextTemporal) ++layer.temporal;
    if (step == kNextSpatial) {
      layer.temporal = 0;
      ++layer.spatial;
    }
  } while (step != kEnd && !in.failed());
  out.spatial_layers = static_cast<std::uint8_t>(layer.spatial + 1);
  return true;
}

// template_dtis(), frame_dtis(): two bits for each decode target.
std::uint64_t read_indications(BitReader& in, std::size_t targets) noexcept {
  std::uint64_t indications = 0;
  for (std::size_t i = 0; i < targets; ++i) indications |= std::uint64_t{in.bits(2)} << (2 * i);
  return indications;
}

// template_fdiffs(): |1| difference minus one (4) | ... |0|
bool read_template_references(BitReader& in, FrameDependencies& out) noexcept {
  out.reference_count = 0;
  while (in.flag()) {
    if (out.reference_count == kMaxReferences) return false;
    out.references[out.reference_count++] = static_cast<std::uint16_t>(in.bits(4) + 1);
  }
  return true;
}

// frame_fdiffs(): | size (2) | difference minus one (4 times size) | ... |0 0|
bool read_frame_references(BitReader& in, FrameDependencies& out) noexcept {
  out.reference_count = 0;
  for (std::uint32_t size = in.bits(2); size != 0; size = in.bits(2)) {
    if (out.reference_count == kMaxReferences) return false;
    out.references[out.reference_count++] = static_cast<std::uint16_t>(in.bits(4 * size) + 1);
  }
  return true;
}

// template_chains(): chain_cnt ns(DtCnt + 1), for each target its chain ns(chain_cnt), then for each template and chain
// the difference (4). frame_chains() has differences of 8 bits.
void read_template_chains(BitReader& in, TemplateStructure& out) noexcept {
  out.chain_count = static_cast<std::uint8_t>(in.below(out.target_count + 1U));
  if (out.chain_count == 0) return;
  for (std::size_t i = 0; i < out.target_count; ++i) {
    out.protected_by[i] = static_cast<std::uint8_t>(in.below(out.chain_count));
  }
  for (std::size_t i = 0; i < out.template_count; ++i) {
    for (std::size_t chain = 0; chain < out.chain_count; ++chain) {
      out.templates[i].chains.differences[chain] = in.octet(4);
    }
  }
}

// decode_target_layers(): not on the wire; the highest layers of the templates that belong to a target.
void find_target_layers(TemplateStructure& out) noexcept {
  for (std::size_t target = 0; target < out.target_count; ++target) {
    TemplateStructure::Layer& layer = out.targets[target] = {};
    for (std::size_t i = 0; i < out.template_count; ++i) {
      const FrameDependencies& each = out.templates[i];
      if (each.indication(target) == DecodeTargetIndication::not_present) continue;
      layer.spatial = std::max(layer.spatial, each.spatial);
      layer.temporal = std::max(layer.temporal, each.temporal);
    }
  }
}

// render_resolutions(): for each spatial layer | width minus one (16) | height minus one (16) |
void read_resolutions(BitReader& in, TemplateStructure& out) noexcept {
  out.has_resolutions = in.flag();
  if (!out.has_resolutions) return;
  for (std::size_t i = 0; i < out.spatial_layers; ++i) out.resolutions[i] = {in.bits(16) + 1, in.bits(16) + 1};
}

// Appendix A.8.3, template_dependency_structure():
//  | template_id_offset (6) | dt_cnt_minus_one (5) |
//  | layers | dtis | fdiffs | chains | resolutions_present_flag (1) | resolutions |
bool read_structure(BitReader& in, TemplateStructure& out) noexcept {
  out.template_count = 0;
  out.id_offset = in.octet(6);
  out.target_count = static_cast<std::uint8_t>(in.bits(5) + 1);
  if (!read_template_layers(in, out)) return false;
  for (std::size_t i = 0; i < out.template_count; ++i) {
    out.templates[i].indications = read_indications(in, out.target_count);
  }
  for (std::size_t i = 0; i < out.template_count; ++i) {
    if (!read_template_references(in, out.templates[i])) return false;
  }
  read_template_chains(in, out);
  find_target_layers(out);
  read_resolutions(in, out);
  return true;
}

// Which of its fields a packet gives itself; the others are its template's.
struct Custom {
  bool indications = false;
  bool references = false;
  bool chains = false;
};

// frame_dependency_definition()
Result<FrameDependencies, DescriptorError> read_frame(BitReader& in, const TemplateStructure& structure,
                                                      std::uint8_t template_id, Custom custom) noexcept {
  const std::size_t index = (template_id + kTemplateIds - structure.id_offset) % kTemplateIds;
  if (index >= structure.template_count) return DescriptorError::unknown_template;
  FrameDependencies frame = structure.templates[index];
  if (custom.indications) frame.indications = read_indications(in, structure.target_count);
  if (custom.references && !read_frame_references(in, frame)) return DescriptorError::too_large;
  if (custom.chains) {
    for (std::size_t i = 0; i < structure.chain_count; ++i) frame.chains.differences[i] = in.octet(8);
  }
  return frame;
}

constexpr std::uint32_t all_targets(std::size_t count) noexcept {
  return count >= 32 ? 0xffff'ffff : (std::uint32_t{1} << count) - 1;
}

// active_decode_targets_bitmask: f(DtCnt) whose lowest bit is the first target.
std::uint32_t read_active_targets(BitReader& in, std::size_t count) noexcept { return in.bits(count); }

}  // namespace

// Appendix A.8.2:
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |S|E| template  |         frame number          |T|A|D|F|C| ...
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// S, E: first and last packet of a frame. What follows the frame number is there when the element is longer than three
// octets. T: a template dependency structure follows; A: then a bit mask of active decode targets; D, F, C: then
// indications, frame differences and chain differences of this frame's own.
Result<DependencyDescriptor, DescriptorError> parse_dependency_descriptor(Bytes element,
                                                                          const TemplateStructure* current,
                                                                          TemplateStructure& attached) noexcept {
  if (element.size() < kMandatoryOctets) return DescriptorError::too_short;
  BitReader in{element};
  DependencyDescriptor out;
  out.starts_frame = in.flag();
  out.ends_frame = in.flag();
  out.template_id = in.octet(6);
  out.frame_number = static_cast<std::uint16_t>(in.bits(16));

  Custom custom;
  const TemplateStructure* structure = current;
  if (element.size() > kMandatoryOctets) {
    out.has_structure = in.flag();
    out.has_active_targets = in.flag();
    custom = {.indications = in.flag(), .references = in.flag(), .chains = in.flag()};
    if (out.has_structure) {
      if (!read_structure(in, attached)) return DescriptorError::too_large;
      structure = &attached;
    }
    if (structure != nullptr) {
      out.active_targets = all_targets(structure->target_count);
      if (out.has_active_targets) out.active_targets = read_active_targets(in, structure->target_count);
    }
  }
  if (structure != nullptr) {
    const auto frame = read_frame(in, *structure, out.template_id, custom);
    if (!frame) return frame.error();
    out.frame = *frame;
    out.has_frame = true;
  }
  if (in.failed()) return DescriptorError::too_short;
  return out;
}

}  // namespace sluice
