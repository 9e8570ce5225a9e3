#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

/// Writes dependency descriptors, AV1 RTP payload specification, appendix A.8, from what a test says of them.
namespace sluice::test {

/// Appends fields of bits, the highest bit first.
class BitWriter {
 public:
  void bits(std::uint32_t value, std::size_t count) {
    while (count-- > 0) {
      if (used_++ % 8 == 0) bytes_.push_back(0);
      bytes_.back() = static_cast<std::uint8_t>(bytes_.back() | (value >> count & 1) << (7 - (used_ - 1) % 8));
    }
  }
  /// ns(n) for values of tests: limits that are powers of two less one, or 1, or 2.
  void below(std::uint32_t value, std::uint32_t limit) {
    std::uint32_t width = 0;
    for (std::uint32_t rest = limit; rest != 0; rest >>= 1) ++width;
    const std::uint32_t shorter = (1U << width) - limit;
    if (value < shorter) return bits(value, width - 1);
    bits((value + shorter) >> 1, width - 1);
    bits((value + shorter) & 1, 1);
  }
  [[nodiscard]] const std::vector<std::uint8_t>& bytes() const { return bytes_; }

 private:
  std::vector<std::uint8_t> bytes_;
  std::size_t used_ = 0;
};

struct Template {
  std::uint8_t spatial = 0;
  std::uint8_t temporal = 0;
  std::string indications;                ///< one of `-DSR` for each decode target
  std::vector<std::uint16_t> references;  ///< frames back
  std::vector<std::uint8_t> chains;
};

struct Structure {
  std::uint8_t id_offset = 0;
  std::vector<Template> templates;  ///< ascending in layer
  std::vector<std::uint8_t> protected_by;
  std::uint8_t chains = 0;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> resolutions;

  [[nodiscard]] std::size_t targets() const { return templates.front().indications.size(); }
};

struct Fields {
  bool starts = true;
  bool ends = true;
  std::uint8_t template_id = 0;
  std::uint16_t frame = 0;
};

inline std::uint32_t indication_of(char letter) { return static_cast<std::uint32_t>(std::string{"-DSR"}.find(letter)); }

inline void write_mandatory(BitWriter& out, const Fields& fields) {
  out.bits(fields.starts ? 1 : 0, 1);
  out.bits(fields.ends ? 1 : 0, 1);
  out.bits(fields.template_id, 6);
  out.bits(fields.frame, 16);
}

inline void write_structure(BitWriter& out, const Structure& structure) {
  const auto& templates = structure.templates;
  out.bits(structure.id_offset, 6);
  out.bits(static_cast<std::uint32_t>(structure.targets() - 1), 5);
  for (std::size_t i = 1; i < templates.size(); ++i) {
    const bool same = templates[i].spatial == templates[i - 1].spatial;
    out.bits(!same ? 2 : templates[i].temporal != templates[i - 1].temporal ? 1 : 0, 2);
  }
  out.bits(3, 2);
  for (const Template& each : templates) {
    for (const char letter : each.indications) out.bits(indication_of(letter), 2);
  }
  for (const Template& each : templates) {
    for (const std::uint16_t reference : each.references) out.bits(0x10U | (reference - 1U), 5);
    out.bits(0, 1);
  }
  out.below(structure.chains, static_cast<std::uint32_t>(structure.targets()) + 1);
  if (structure.chains > 0) {
    for (const std::uint8_t chain : structure.protected_by) out.below(chain, structure.chains);
    for (const Template& each : templates) {
      for (const std::uint8_t difference : each.chains) out.bits(difference, 4);
    }
  }
  out.bits(structure.resolutions.empty() ? 0 : 1, 1);
  for (const auto& [width, height] : structure.resolutions) {
    out.bits(width - 1, 16);
    out.bits(height - 1, 16);
  }
}

/// A packet that carries the structure.
inline std::vector<std::uint8_t> descriptor_with(const Structure& structure, const Fields& fields) {
  BitWriter out;
  write_mandatory(out, fields);
  out.bits(0x10, 5);  // structure; no active targets, no fields of the frame's own
  write_structure(out, structure);
  return out.bytes();
}

/// A packet of a frame that is as its template says.
inline std::vector<std::uint8_t> descriptor_of(const Fields& fields) {
  BitWriter out;
  write_mandatory(out, fields);
  return out.bytes();
}

inline Structure l1t2() {
  return {.templates = {{0, 0, "SS", {}, {0}}, {0, 0, "SS", {2}, {2}}, {0, 1, "-D", {1}, {1}}},
          .protected_by = {0, 0},
          .chains = 1,
          .resolutions = {{640, 360}}};
}

/// L2T2_KEY: of the upper layer nothing but the key picture needs the lower one.
inline Structure l2t2_key() {
  return {.id_offset = 60,
          .templates = {{0, 0, "SSSS", {}, {0, 0}},
                        {0, 0, "SS--", {4}, {4, 0}},
                        {0, 1, "-D--", {2}, {2, 0}},
                        {1, 0, "--SS", {1}, {0, 1}},
                        {1, 0, "--SS", {4}, {0, 4}},
                        {1, 1, "---D", {2}, {0, 2}}},
          .protected_by = {0, 0, 1, 1},
          .chains = 2,
          .resolutions = {{320, 180}, {640, 360}}};
}

}  // namespace sluice::test
