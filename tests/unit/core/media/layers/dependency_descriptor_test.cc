#include "core/media/layers/dependency_descriptor.h"

#include <doctest/doctest.h>

#include <optional>
#include <vector>

#include "core/media/layers/descriptor_layers.h"
#include "tests/unit/core/media/layers/descriptor_writer.h"

namespace sluice {
namespace {

using namespace test;
using Element = std::vector<std::uint8_t>;
using enum DecodeTargetIndication;

// Mandatory fields alone, and by hand, so that the writer above is not the only witness.
// | S=1 | E=0 | template 5 | frame 0x1234 |
constexpr std::uint8_t kMandatory[] = {0x85, 0x12, 0x34};

// None: it could be read.
std::optional<DescriptorError> error_of(Bytes element, const TemplateStructure* current = nullptr) {
  TemplateStructure attached;
  const auto parsed = parse_dependency_descriptor(element, current, attached);
  return parsed ? std::nullopt : std::optional{parsed.error()};
}

}  // namespace

TEST_CASE("the mandatory fields say where a frame begins and ends, its template and number") {
  TemplateStructure attached;
  const auto parsed = parse_dependency_descriptor(kMandatory, nullptr, attached);
  REQUIRE(parsed);
  CHECK(parsed->starts_frame);
  CHECK_FALSE(parsed->ends_frame);
  CHECK(parsed->template_id == 5);
  CHECK(parsed->frame_number == 0x1234);
  CHECK_FALSE(parsed->has_frame);
  CHECK(error_of(Bytes{kMandatory}.first(2)) == DescriptorError::too_short);
}

TEST_CASE("a structure is read with its layers, indications, references, chains, targets and resolutions") {
  TemplateStructure attached;
  const auto parsed =
      parse_dependency_descriptor(descriptor_with(l2t2_key(), {.template_id = 60, .frame = 7}), nullptr, attached);
  REQUIRE(parsed);
  CHECK(parsed->has_structure);
  CHECK(parsed->active_targets == 0b1111);
  CHECK(attached.template_count == 6);
  CHECK(attached.target_count == 4);
  CHECK(attached.chain_count == 2);
  CHECK(attached.spatial_layers == 2);
  CHECK(attached.templates[3].spatial == 1);
  CHECK(attached.templates[3].temporal == 0);
  CHECK(attached.templates[5].temporal == 1);
  CHECK(attached.templates[5].indication(2) == not_present);
  CHECK(attached.templates[5].indication(3) == discardable);
  CHECK(attached.templates[4].references_used()[0] == 4);
  CHECK(attached.templates[4].chains.differences[1] == 4);
  CHECK(attached.protected_by[3] == 1);
  CHECK(attached.targets[1].temporal == 1);
  CHECK(attached.targets[2].spatial == 1);
  CHECK(attached.targets[2].temporal == 0);
  REQUIRE(attached.has_resolutions);
  CHECK(attached.resolutions[1].width == 640);
  CHECK(attached.resolutions[1].height == 360);
  CHECK(parsed->frame.indication(0) == switching);
  CHECK(parsed->frame.reference_count == 0);
}

TEST_CASE("a frame's own fields replace those of its template") {
  TemplateStructure structure;
  REQUIRE(parse_dependency_descriptor(descriptor_with(l1t2(), {}), nullptr, structure));
  BitWriter out;
  write_mandatory(out, {.template_id = 2, .frame = 9});
  out.bits(0b01111, 5);  // active targets, indications, references, chains
  out.bits(0b01, 2);     // the first target alone
  out.bits(0b1110, 4);   // required, switch
  out.bits(1, 2);        // one nibble: 3 back
  out.bits(2, 4);
  out.bits(3, 2);  // three nibbles: 4096 back
  out.bits(0xfff, 12);
  out.bits(0, 2);
  out.bits(200, 8);
  TemplateStructure attached;
  const auto parsed = parse_dependency_descriptor(out.bytes(), &structure, attached);
  REQUIRE(parsed);
  CHECK(parsed->active_targets == 0b01);
  CHECK(parsed->frame.temporal == 1);
  CHECK(parsed->frame.indication(0) == required);
  CHECK(parsed->frame.indication(1) == switching);
  REQUIRE(parsed->frame.reference_count == 2);
  CHECK(parsed->frame.references[0] == 3);
  CHECK(parsed->frame.references[1] == 4096);
  CHECK(parsed->frame.chains.differences[0] == 200);
}

TEST_CASE("template ids count on from the structure's offset, around 64, and others are of another structure") {
  TemplateStructure structure;
  REQUIRE(parse_dependency_descriptor(descriptor_with(l2t2_key(), {.template_id = 60}), nullptr, structure));
  TemplateStructure attached;
  const auto parsed = parse_dependency_descriptor(descriptor_of({.template_id = 1}), &structure, attached);
  REQUIRE(parsed);
  CHECK(parsed->frame.spatial == 1);
  CHECK(parsed->frame.temporal == 1);
  CHECK(error_of(descriptor_of({.template_id = 2}), &structure) == DescriptorError::unknown_template);
  CHECK(error_of(descriptor_of({.template_id = 59}), &structure) == DescriptorError::unknown_template);
}

TEST_CASE("a descriptor that ends early is refused wherever it ends") {
  const Element whole = descriptor_with(l2t2_key(), {.template_id = 60});
  for (std::size_t size = 4; size < whole.size(); ++size) {
    CAPTURE(size);
    const Element part{whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)};
    CHECK(error_of(part));
  }
}

TEST_CASE("templates, layers and references are bounded") {
  BitWriter many;
  write_mandatory(many, {});
  many.bits(0x10, 5);
  many.bits(0, 6 + 5);
  for (int i = 0; i < 64; ++i) many.bits(0, 2);  // one template more than there are ids
  many.bits(3, 2);
  CHECK(error_of(many.bytes()) == DescriptorError::too_large);

  BitWriter high;
  write_mandatory(high, {});
  high.bits(0x10, 5);
  high.bits(0, 6 + 5);
  for (int i = 0; i < 40; ++i) high.bits(2, 2);
  high.bits(3, 2);
  CHECK(error_of(high.bytes()) == DescriptorError::too_large);

  Structure structure = l1t2();
  structure.templates[1].references.assign(17, 1);
  CHECK(error_of(descriptor_with(structure, {})) == DescriptorError::too_large);
}

TEST_CASE("descriptors alone tell layers, switches and what upper layers need") {
  DescriptorLayers reader;
  const auto key = reader.read(descriptor_with(l2t2_key(), {.ends = false, .template_id = 60, .frame = 10}), false);
  REQUIRE(key);
  CHECK(key->keyframe);
  CHECK(key->described);
  CHECK(key->begins_frame);
  CHECK_FALSE(key->ends_frame);
  CHECK(key->spatial_layers == 2);
  CHECK(key->used_by_upper_spatial);
  CHECK(key->switches_spatial_to == kTopLayer);

  const auto upper = reader.read(descriptor_of({.template_id = 63, .frame = 11}), true);
  REQUIRE(upper);
  CHECK_FALSE(upper->keyframe);
  CHECK(upper->spatial == 1);
  CHECK(upper->ends_picture);
  CHECK(upper->switches_temporal_to == 1);

  const auto delta = reader.read(descriptor_of({.template_id = 61, .frame = 12}), false);
  CHECK(delta->switches_temporal_to == 1);
  CHECK(delta->switches_spatial_to == 0);
  CHECK_FALSE(delta->used_by_upper_spatial);
  const auto fine = reader.read(descriptor_of({.template_id = 62, .frame = 14}), false);
  CHECK(fine->temporal == 1);
  CHECK(fine->switches_temporal_to == 0);
}

TEST_CASE("before the first structure, and with a template of another one, only the frame's ends are known") {
  DescriptorLayers reader;
  const auto lost = reader.read(descriptor_of({.template_id = 63, .frame = 9}), true);
  REQUIRE(lost);
  CHECK(lost->begins_frame);
  CHECK(lost->ends_frame);
  CHECK_FALSE(lost->keyframe);
  CHECK(lost->spatial == 0);
  REQUIRE(reader.read(descriptor_with(l1t2(), {.frame = 10}), true));
  CHECK(reader.read(descriptor_of({.template_id = 63, .frame = 8}), true)->spatial == 0);
}

TEST_CASE("a key frame that comes late does not bring its structure back") {
  for (const std::uint16_t start : {std::uint16_t{0}, std::uint16_t{32'760}, std::uint16_t{65'530}}) {
    DescriptorLayers reader;
    const auto frame = [start](int at) { return static_cast<std::uint16_t>(start + at); };
    REQUIRE(reader.read(descriptor_with(l2t2_key(), {.template_id = 60, .frame = frame(0)}), true));
    REQUIRE(reader.read(descriptor_with(l1t2(), {.frame = frame(8)}), true)->keyframe);
    CHECK(reader.read(descriptor_with(l2t2_key(), {.template_id = 60, .frame = frame(0)}), true)->spatial_layers == 2);
    CHECK(reader.read(descriptor_of({.template_id = 2, .frame = frame(9)}), true)->temporal == 1);
    // A sender that starts over is believed.
    REQUIRE(reader.read(descriptor_with(l2t2_key(), {.template_id = 60, .frame = frame(-5000)}), true)->keyframe);
    CHECK(reader.read(descriptor_of({.template_id = 0, .frame = frame(-4996)}), true)->spatial == 1);
  }
}

TEST_CASE("upper layers that are not active do not count") {
  DescriptorLayers reader;
  REQUIRE(reader.read(descriptor_with(l2t2_key(), {.template_id = 60, .frame = 0}), true)->spatial_layers == 2);
  BitWriter out;
  write_mandatory(out, {.template_id = 61, .frame = 2});
  out.bits(0b01000, 5);
  out.bits(0b0011, 4);
  CHECK(reader.read(out.bytes(), true)->spatial_layers == 1);
  CHECK(reader.read(descriptor_of({.template_id = 61, .frame = 4}), true)->spatial_layers == 1);
}

}  // namespace sluice
