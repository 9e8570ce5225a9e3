#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sluice/json.h"
#include "sluice/time.h"
#include "tests/emulator/link_pipe.h"

namespace sluice::emulator {

/// Both directions of the line; down is towards the client.
struct LinkPair {
  LinkPair(const simulation::Link& down_link, const simulation::Link& up_link, std::uint64_t seed)
      : down{down_link, seed}, up{up_link, seed + 1} {}
  LinkPipe down;
  LinkPipe up;
};

/// Executes lines of JSON: {"down": {...}, "up": {...}} changes links, {"counters": true} asks for their counters.
class ControlLines {
 public:
  explicit ControlLines(LinkPair& links) noexcept : links_{links} {}

  /// Takes bytes as they come. @return the answers to what became complete, a line each.
  [[nodiscard]] std::string take(std::string_view bytes, Instant now);

 private:
  static constexpr std::size_t kMaxLine = 64 * 1024;

  [[nodiscard]] json::object execute(std::string_view line, Instant now);

  LinkPair& links_;
  std::string rest_;  // of a line that has not ended yet
};

}  // namespace sluice::emulator
