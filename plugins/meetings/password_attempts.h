#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "sluice/time.h"

namespace sluice::meetings {

/// How often somebody may try a meeting's password. Time is a parameter.
///
/// An attempt counts from the moment in which it begins, so that many at a time are no way around; the one that
/// succeeds wipes the slate clean.
class PasswordAttempts {
 public:
  struct Limit {
    int most = 5;
    Duration window = std::chrono::minutes{1};
  };
  /// Callers and meetings that are remembered; while so many are, others have to wait.
  static constexpr std::size_t kMostRemembered = 10'000;

  /// Counts an attempt. Nothing: go on; otherwise how long to wait.
  [[nodiscard]] std::optional<Duration> begin(std::string_view caller, std::string_view meeting_id, Limit limit,
                                              Instant now);
  void succeeded(std::string_view caller, std::string_view meeting_id);

 private:
  struct Tries {
    Instant window_ends{};
    int count = 0;
  };
  void forget_old(Instant now);

  std::map<std::pair<std::string, std::string>, Tries> tries_;
};

}  // namespace sluice::meetings
