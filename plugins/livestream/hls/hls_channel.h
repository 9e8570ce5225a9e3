#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "sluice/function.h"
#include "sluice/host.h"
#include "sluice/http.h"
#include "stream_job.h"

namespace sluice::livestream {

struct HlsOptions {
  std::string folder{};  ///< where the first job writes; removed with all that is below it when the channel goes
  int segment_ms = 1'000;
  int part_ms = 250;
  std::chrono::seconds dvr{60};       ///< how far a player can go back; at least six segments are kept
  std::string key{};                  ///< that requests must carry as `?key=`; empty: anybody may watch
  std::size_t max_waiting = 10'000;   ///< requests that wait for a part; more: 503
  std::size_t max_viewers = 100'000;  ///< that are counted
};

/// One stream as HLS: the playlist (RFC 8216, and low latency as draft-pantos-hls-rfc8216bis has it: parts, preload
/// hints, blocking reloads, delta updates), its files, and who watches.
/// @note Control thread only.
class HlsChannel {
 public:
  virtual ~HlsChannel() = default;
  /// A file is there, in the folder of the job that runs. What has no place in the playlist is left out.
  virtual void add(const HlsFile& file) = 0;
  /// The job has been started anew: its numbers begin again, the playlist's go on, with a discontinuity. Each job
  /// writes into a folder of its own, at best below HlsOptions::folder: names may come again.
  /// Called before the job's first file; for the first job of all only where its folder is not HlsOptions::folder.
  virtual void job_restarted(std::string folder) = 0;
  /// `GET /live/{room}/{name}`: `index.m3u8` or one of the files.
  virtual void serve(const HttpRequest& request, std::string_view name, HttpReply reply) = 0;
  /// The stream is over: playlists get their end, those who wait are answered. It is still served until it is
  /// destroyed.
  virtual void end() = 0;
  /// Who has asked for a playlist in the last ten seconds: by address, user agent and `?viewer=`.
  [[nodiscard]] virtual std::size_t viewers() const = 0;
  struct Figures {
    std::uint64_t viewers_in_all = 0;
    std::size_t peak_viewers = 0;
    std::uint64_t bytes = 0;  ///< that were served
  };
  [[nodiscard]] virtual Figures figures() const = 0;
};

[[nodiscard]] std::unique_ptr<HlsChannel> make_hls_channel(Host& host, HlsOptions options);

}  // namespace sluice::livestream
