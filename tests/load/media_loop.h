#pragma once

#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "core/media/worker/receive_batch.h"
#include "tests/load/load_peer.h"

namespace sluice::load {

/// A thread with an epoll set that serves any number of peers.
class MediaLoop {
 public:
  struct Options {
    std::uint32_t verify_every = 16;
    Duration rtcp_interval = std::chrono::seconds{1};
    bool busy_poll = false;  ///< never sleeps: the server does not pay for waking this thread
  };

  /// The references outlive the loop.
  MediaLoop(const Options& options, const DtlsContext& dtls, const SourceTable& sources, const MeasuredWindow& window,
            LoadProgress& progress);
  ~MediaLoop();
  MediaLoop(const MediaLoop&) = delete;
  MediaLoop& operator=(const MediaLoop&) = delete;

  /// Makes the peer and starts its first check. Any thread.
  void add(PeerOrder order);
  /// Of the peer of that number, if it is here. Any thread.
  void restart_ice(IceRestart restart);
  /// What was counted since the last call. Blocks until the loop has answered; any thread but its own.
  [[nodiscard]] LoadStats take_stats();
  /// Closes all peers and ends the thread; then what it has counted since take_stats(), and what its streams have.
  const LoadStats& stop();

 private:
  using Timer = std::pair<Instant, LoadPeer*>;

  void run();
  void wake() noexcept;
  /// @return whether to go on.
  bool take_orders(Instant now);
  void open(PeerOrder order, Instant now);
  void restart(IceRestart restart, Instant now);
  void run_timers(Instant now);
  void schedule(LoadPeer& peer);
  void wait_and_receive();
  void receive(LoadPeer& peer);

  Options options_;
  LoadProgress& progress_;
  LoadStats stats_;
  PeerSurroundings around_;
  int epoll_;
  int wake_up_;
  ReceiveBatch batch_;
  std::vector<std::unique_ptr<LoadPeer>> peers_;
  std::vector<Timer> timers_;  // a heap, soonest first; an entry that is not its peer's `scheduled` is void

  std::mutex mutex_;  // of the four below
  std::vector<PeerOrder> orders_;
  std::vector<IceRestart> restarts_;
  std::promise<LoadStats>* stats_wanted_ = nullptr;
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace sluice::load
