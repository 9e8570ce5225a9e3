#pragma once

#include <string>
#include <string_view>

namespace sluice::meetings {

/// ASCII letters in lower case; for addresses and domains, which are compared without regard to it.
[[nodiscard]] inline std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace sluice::meetings
