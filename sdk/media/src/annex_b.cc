#include "annex_b.h"

#include <algorithm>
#include <array>

namespace sluice::media {

namespace {

constexpr std::array<std::uint8_t, 3> kStartCode{0, 0, 1};

/// A unit of at most `bytes` behind a big-endian length; empty and nothing left where it is cut off.
std::span<const std::uint8_t> take_unit(std::span<const std::uint8_t>& rest, std::size_t length_bytes) {
  std::size_t length = 0;
  const auto whole = rest.size() >= length_bytes;
  for (std::size_t i = 0; whole && i < length_bytes; ++i) length = length << 8 | rest[i];
  if (!whole || rest.size() - length_bytes < length) {
    rest = {};
    return {};
  }
  const auto unit = rest.subspan(length_bytes, length);
  rest = rest.subspan(length_bytes + length);
  return unit;
}

}  // namespace

std::vector<std::span<const std::uint8_t>> nal_units(std::span<const std::uint8_t> annex_b) {
  std::vector<std::span<const std::uint8_t>> units;
  auto begin = std::ranges::search(annex_b, kStartCode).end();
  while (begin != annex_b.end()) {
    const auto next = std::ranges::search(begin, annex_b.end(), kStartCode.begin(), kStartCode.end());
    auto end = next.begin();
    while (end != begin && *(end - 1) == 0) --end;  // of a longer start code, or trailing_zero_8bits
    if (end != begin) units.emplace_back(begin, end);
    begin = next.end();
  }
  return units;
}

void append_nal_unit(std::vector<std::uint8_t>& annex_b, std::span<const std::uint8_t> unit) {
  annex_b.push_back(0);
  annex_b.insert(annex_b.end(), kStartCode.begin(), kStartCode.end());
  annex_b.insert(annex_b.end(), unit.begin(), unit.end());
}

// |version=1|profile|compatibility|level|111111LL|111NNNNN| N SPS, each behind 16 bits of length |M| M PPS likewise |
std::optional<AvcConfiguration> AvcConfiguration::parse(std::span<const std::uint8_t> record) {
  constexpr std::size_t kHeader = 6;
  if (record.size() <= kHeader || record[0] != 1) return std::nullopt;
  AvcConfiguration parsed{.length_bytes = std::size_t{record[4]} % 4 + 1, .parameter_sets = {}};
  auto rest = record.subspan(kHeader);
  const auto take = [&](int count) {
    for (int i = 0; i < count && !rest.empty(); ++i) {
      if (const auto unit = take_unit(rest, 2); !unit.empty()) append_nal_unit(parsed.parameter_sets, unit);
    }
  };
  take(record[5] & 0x1f);
  if (rest.empty()) return parsed;
  const auto pps_count = rest[0];
  rest = rest.subspan(1);
  take(pps_count);
  return parsed;
}

std::vector<std::uint8_t> to_annex_b(std::span<const std::uint8_t> units, std::size_t length_bytes) {
  std::vector<std::uint8_t> annex_b;
  annex_b.reserve(units.size() + 16);
  while (!units.empty()) {
    if (const auto unit = take_unit(units, length_bytes); !unit.empty()) append_nal_unit(annex_b, unit);
  }
  return annex_b;
}

}  // namespace sluice::media
