#pragma once

#include <boost/describe/enum.hpp>
#include <chrono>

#include "sluice/config.h"

namespace sluice::waitingroom {

/// What becomes of who must be admitted while nobody is there who could.
enum class HostAbsent : std::uint8_t { wait, admit, deny };
BOOST_DESCRIBE_ENUM(HostAbsent, wait, admit, deny)

/// What stands below `plugins: waitingroom:`. Everything may change while the gateway runs; a lower limit meets who
/// comes next, not who waits.
struct Options {
  bool by_default = false;  ///< `default`
  HostAbsent host_absent = HostAbsent::wait;
  std::chrono::milliseconds wait_limit_ms{1'800'000};  ///< 0: none

  int max_waiting = 500;
  int max_waiting_total = 5'000;

  std::chrono::milliseconds update_ms{500};
  int updates_per_second = 200;
  int list_page = 50;

  static Schema<Options> schema();
};

}  // namespace sluice::waitingroom
