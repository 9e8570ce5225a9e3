#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sluice/function.h"

namespace sluice::livestream {

/// Asks the system for a host's addresses, and can give up: the system's own way (getaddrinfo) waits as long as its
/// servers please, so it has a thread, which is left alone where it is not waited for any more.
/// @note One thread at a time.
class HostLookup {
 public:
  /// In the order in which they are to be tried, numeric. Throws media::MediaError: there are none, or `cancelled`,
  /// asked several times a second.
  [[nodiscard]] std::vector<std::string> resolve(const std::string& host, Function<bool()>& cancelled);

 private:
  struct Question;
  std::shared_ptr<Question> question_;  // shared with its thread, which may stay longer; at most one is open
};

}  // namespace sluice::livestream
