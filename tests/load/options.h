#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/load/doors/door_kind.h"
#include "tests/load/doors/endpoint.h"
#include "tests/load/stream_shape.h"

namespace sluice::load {

/// Subscribers join in steps until the server no longer keeps up: `--ramp 100:3000:100`.
struct Ramp {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  std::uint32_t step = 0;
  friend bool operator==(const Ramp&, const Ramp&) = default;
};

struct Options {
  Endpoint server;
  DoorKind door = DoorKind::web_socket;
  std::string room = "bench";
  std::uint32_t rooms = 1;
  std::uint32_t publishers = 0;    ///< in each room; they receive nothing
  std::uint32_t subscribers = 0;   ///< in each room; they send nothing
  std::uint32_t participants = 0;  ///< in each room; each publishes, and receives what the others publish
  std::optional<StreamShape> video{};
  std::optional<StreamShape> audio{};
  std::uint32_t simulcast = 1;  ///< layers of a video
  std::optional<Ramp> ramp{};
  std::chrono::milliseconds duration{20'000};
  std::chrono::milliseconds warm_up{3'000};
  std::chrono::milliseconds drain{1'000};          ///< after the window, for what is still under way
  std::chrono::milliseconds settle_limit{20'000};  ///< for joins and first packets, after the last has begun to join
  double join_rate = 50;                           ///< participants a second
  std::uint32_t threads = 1;
  std::uint32_t verify_every = 16;
  std::chrono::milliseconds rtcp_interval{1'000};
  std::chrono::milliseconds restart_ice{0};  ///< between two ICE restarts of a connection; zero: none
  bool busy_poll = false;
  std::vector<std::string> extensions{"urn:ietf:params:rtp-hdrext:sdes:mid"};
  std::string record_file;  ///< what the first subscriber receives
  std::string replay_file;  ///< sent in place of the video's shape
  std::optional<int> server_pid{};
  std::string json_file;
  std::uint64_t seed = 0;  ///< of ports' names and numbers; 0: by chance
};

class OptionsError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// @param arguments  Without the program's name.
/// @throws OptionsError that names the argument and what is wrong with it.
[[nodiscard]] Options parse_options(std::span<const char* const> arguments);
/// What `--help` prints.
[[nodiscard]] std::string usage();

}  // namespace sluice::load
