#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sluice/function.h"
#include "sluice/media/media_file.h"
#include "sluice/media/packet.h"
#include "sluice/media/rtmp_url.h"

namespace sluice::media {

struct RtmpOptions {
  /// `rtmp://host[:port]/app/key` or `rtmps://...`. The last segment, with its query, is the key: a secret.
  std::string url;
  std::vector<TrackFormat> tracks;  ///< H264 and AAC, one of each or one alone
  /// Numeric: where the host was resolved to. Of rtmp, connected to instead of asking for the name again; of rtmps the
  /// certificate says who is there. Empty: the host is asked for here.
  std::string address{};
  std::chrono::milliseconds timeout{10'000};  ///< of each wait for the network
  std::string ca_file{};                      ///< PEM; empty: the system's authorities. Certificates are verified.
  /// Asked several times a second while it waits; true: it gives up. Any thread.
  Function<bool()> cancelled{};
};

/// Publishes to a server by RTMP (Adobe's specification 1.0), over TLS for rtmps.
/// @note One thread at a time; blocks on the network. What the server or the network refuses is thrown as MediaError,
///       in words for people and without the key.
class RtmpWriter {
 public:
  /// Connects, and is published when it returns.
  explicit RtmpWriter(RtmpOptions options);
  RtmpWriter(RtmpWriter&&) noexcept;
  RtmpWriter& operator=(RtmpWriter&&) noexcept;
  /// Without finish(): breaks the connection off.
  ~RtmpWriter();

  /// In the order of their dts over both tracks; the first one of video is a key frame. A change of `format` (below)
  /// comes before the first packet of the new one.
  /// @param begin  What is zero for the server.
  void write(const Packet& packet, MediaTime begin = MediaTime::zero());
  /// The track goes on with other parameter sets.
  void change(std::size_t track, const TrackFormat& format);
  /// Tells the server that it is over.
  void finish();
  [[nodiscard]] std::uint64_t bytes() const noexcept;  ///< that were sent

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::media
