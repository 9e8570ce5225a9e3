#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "hls/delivery_directives.h"
#include "sluice/http.h"
#include "sluice/time.h"

namespace sluice::livestream {

/// A part that is not there yet, by its name in the playlist.
struct HintedPart {
  std::string name;
};

using Wanted = std::variant<DeliveryDirectives, HintedPart>;

struct WaitingRequest {
  Wanted wanted;
  HttpReply reply;
};

/// Requests that are answered when something is there, or too late. Bounded: a stream may have any number of viewers.
class WaitingRequests {
 public:
  explicit WaitingRequests(std::size_t most) noexcept : most_{most} {}

  [[nodiscard]] bool full() const noexcept { return by_deadline_.size() >= most_; }
  /// Not while full().
  void add(WaitingRequest request, Instant deadline) { by_deadline_.emplace(deadline, std::move(request)); }

  /// Takes out those that `is_settled` says can be answered.
  template <class Predicate>
  [[nodiscard]] std::vector<WaitingRequest> take_settled(Predicate is_settled) {
    std::vector<WaitingRequest> out;
    for (auto it = by_deadline_.begin(); it != by_deadline_.end();) {
      if (is_settled(std::as_const(it->second.wanted))) {
        out.push_back(std::move(it->second));
        it = by_deadline_.erase(it);
      } else {
        ++it;
      }
    }
    return out;
  }
  /// Takes out those that have waited long enough.
  [[nodiscard]] std::vector<WaitingRequest> take_late(Instant now) {
    const auto end = by_deadline_.upper_bound(now);
    std::vector<WaitingRequest> out;
    for (auto it = by_deadline_.begin(); it != end; ++it) out.push_back(std::move(it->second));
    by_deadline_.erase(by_deadline_.begin(), end);
    return out;
  }
  [[nodiscard]] std::optional<Instant> next_deadline() const noexcept {
    if (by_deadline_.empty()) return std::nullopt;
    return by_deadline_.begin()->first;
  }

 private:
  std::size_t most_;
  std::multimap<Instant, WaitingRequest> by_deadline_;
};

}  // namespace sluice::livestream
