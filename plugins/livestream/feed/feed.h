#pragma once

#include <memory>
#include <vector>

#include "feed/feed_records.h"
#include "sluice/contracts/media_taps.h"
#include "sluice/host.h"
#include "sluice/jobs.h"

namespace sluice::livestream {

/// One room's scene and media on their way to a job: taps each track, follows who comes and goes, asks for key frames.
/// A job that is behind loses packets, in the taps' queues; the meeting never waits.
/// @note Control thread only; FeedThread does the writing.
class Feed {
 public:
  virtual ~Feed() = default;
  /// The job asks (KeyFrameWanted). What is no track of it is ignored.
  virtual void request_key_frame(TrackNumber track) = 0;
  struct Figures {
    std::uint64_t bytes = 0;            ///< written to the job
    std::uint64_t dropped_packets = 0;  ///< the job was behind
    std::size_t tracks = 0;             ///< now
  };
  [[nodiscard]] virtual Figures figures() const = 0;
};

/// The one thread that writes the media of all streams of the plugin. Outlives its feeds.
class FeedThread;
struct FeedThreadDeleter {
  void operator()(FeedThread* thread) const noexcept;
};
using FeedThreadPtr = std::unique_ptr<FeedThread, FeedThreadDeleter>;
[[nodiscard]] FeedThreadPtr make_feed_thread();

/// Begins. The feed is to be destroyed when RoomClosed is published at the latest.
[[nodiscard]] std::unique_ptr<Feed> begin_feed(Host& host, MediaTaps& taps, FeedThread& thread, Room& room,
                                               std::shared_ptr<JobRecords> records);

}  // namespace sluice::livestream
