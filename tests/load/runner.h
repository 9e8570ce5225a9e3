#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/media/dtls/dtls_context.h"
#include "tests/load/doors/door.h"
#include "tests/load/media_loop.h"
#include "tests/load/options.h"
#include "tests/load/plan.h"
#include "tests/load/report.h"

namespace sluice::load {

/// A whole run: joins, warm-up, measured window, report. Signalling runs on the calling thread, media on the loops'.
class Runner {
 public:
  explicit Runner(const Options& options);
  /// Blocks until the run is over. Once.
  /// @throws std::exception where the run itself cannot go on, such as when nobody could publish.
  Report run();

 private:
  asio::awaitable<void> measure();
  asio::awaitable<void> join_all(std::span<const Participant> participants);
  asio::awaitable<void> settle(std::size_t senders, std::size_t receivers);
  asio::awaitable<Measurement> measure_window(std::size_t receivers);
  asio::awaitable<void> sleep_until(Instant then);
  [[nodiscard]] bool is_settled(std::size_t senders, std::size_t receivers) const noexcept;
  [[nodiscard]] std::vector<std::size_t> steps() const;
  [[nodiscard]] LoadStats take_stats();
  [[nodiscard]] DoorServices services();
  void open_peer(PeerOrder order);
  void note_failure(const Participant& participant, const std::string& reason);

  Options options_;
  std::optional<Recording> recording_;
  Recorder recorder_;
  bool recording_given_ = false;  // to the first subscriber
  Plan plan_;
  MeasuredWindow window_;
  LoadProgress progress_;
  DtlsContext dtls_;
  Identities identities_;
  asio::io_context io_;
  std::vector<std::unique_ptr<MediaLoop>> loops_;
  std::unique_ptr<Door> door_;
  std::size_t next_loop_ = 0;
  std::size_t entered_ = 0;  // participants whose signalling is complete
  std::size_t failed_ = 0;   // those whose signalling is not
  Report report_;
};

}  // namespace sluice::load
