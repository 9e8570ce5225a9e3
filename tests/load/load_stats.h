#pragma once

#include <atomic>
#include <cstdint>

#include "tests/load/histogram.h"

namespace sluice::load {

/// What one media loop has counted. Its thread writes; it is read when the thread has ended.
struct LoadStats {
  Histogram delay;                    ///< of the packets that were sent in the measured window
  Histogram join;                     ///< of subscribers: from the start of signalling to DTLS connected
  Histogram first_media;              ///< of subscribers: from the start of signalling to the first RTP packet
  std::uint64_t received = 0;         ///< sent in the measured window, without duplicates
  std::uint64_t received_always = 0;  ///< whenever sent
  std::uint64_t duplicates = 0;
  std::uint64_t verified = 0;       ///< decrypted and compared
  std::uint64_t verify_errors = 0;  ///< tag, payload or numbering wrong
  std::uint64_t unattributed = 0;   ///< of a stream that is not known yet, or of a packet that was never sent
  std::uint64_t probes = 0;         ///< padding alone
  std::uint64_t renumbered = 0;  ///< a stream goes on from another source or with other numbers, as a layer change does
  std::uint64_t gap_expected = 0;  ///< from the first to the newest sequence number of each stream
  std::uint64_t gap_received = 0;
  std::uint64_t streams = 0;  ///< received
  std::uint64_t key_frame_requests = 0;
  std::uint64_t send_errors = 0;
  std::uint64_t rtcp_received = 0;
  std::uint64_t nacks_received = 0;
  std::uint64_t ice_restarts = 0;
  std::uint64_t ice_restarts_answered = 0;  ///< by a check with the new credentials

  void add(const LoadStats& other) noexcept;
};

/// What the runner watches while the loops run.
struct LoadProgress {
  std::atomic<std::uint64_t> publishers_connected{0};
  std::atomic<std::uint64_t> subscribers_connected{0};
  std::atomic<std::uint64_t> subscribers_with_media{0};
  std::atomic<std::uint64_t> failed{0};  ///< DTLS ended, or never began
};

}  // namespace sluice::load
