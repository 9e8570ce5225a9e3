#pragma once

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>

#include "options.h"
#include "sluice/contracts/rooms.h"
#include "sluice/host.h"
#include "sluice/metrics.h"

namespace sluice::waitingroom {

/// Names a room that may not be there yet.
struct RoomKey {
  std::string tenant;
  std::string room_id;
  friend auto operator<=>(const RoomKey&, const RoomKey&) = default;
};

/// How a wait may end.
enum class Outcome : std::uint8_t { admitted, denied, timeout, host_absent, room_closed, left, shutdown };
BOOST_DESCRIBE_ENUM(Outcome, admitted, denied, timeout, host_absent, room_closed, left, shutdown)

/// How many wait, and what became of the others.
class Account {
 public:
  explicit Account(Metrics& metrics);

  void came();
  void ended(Outcome outcome);
  [[nodiscard]] std::size_t waiting() const noexcept { return waiting_; }

 private:
  Metrics& metrics_;
  Gauge& gauge_;
  std::size_t waiting_ = 0;
};

/// What every part of the plugin works with.
struct Context {
  Host& host;
  Rooms& rooms;
  Options options;
  Account account;
};

}  // namespace sluice::waitingroom
