#include "storage_key.h"

#include <algorithm>
#include <cstdint>

namespace sluice::recording {

namespace {

constexpr std::size_t kMostKeyBytes = 255;
constexpr std::size_t kMostNameBytes = 64;
constexpr std::size_t kMostTenantBytes = 96;  // a longer one is cut: what keeps keys apart is the recording's id

constexpr bool is_plain(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

bool is_part(std::string_view part) noexcept {
  return !part.empty() && part.front() != '.' &&
         std::ranges::all_of(part, [](char c) { return is_plain(c) || c == '_' || c == '.'; });
}

std::string folder_of(std::string_view tenant) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out = tenant.empty() ? "_" : "";
  for (const char c : tenant) {
    if (out.size() >= kMostTenantBytes) break;
    if (is_plain(c)) {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<std::uint8_t>(c);
    out.push_back('_');
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 15]);
  }
  return out;
}

}  // namespace

bool is_storage_key(std::string_view key) noexcept {
  if (key.size() > kMostKeyBytes) return false;
  while (true) {
    const auto slash = key.find('/');
    if (!is_part(key.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    key.remove_prefix(slash + 1);
  }
}

bool is_file_name(std::string_view name) noexcept { return name.size() <= kMostNameBytes && is_part(name); }

StorageKey key_of(std::string_view tenant, std::string_view recording_id, std::string_view name) {
  return folder_of(tenant) + "/" + std::string{recording_id} + "/" + std::string{name};
}

}  // namespace sluice::recording
