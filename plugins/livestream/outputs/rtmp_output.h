#pragma once

#include <memory>
#include <string>
#include <vector>

#include "outputs/backoff.h"
#include "outputs/output.h"
#include "outputs/output_queue.h"
#include "sluice/function.h"
#include "sluice/media/rtmp_writer.h"
#include "sluice/time.h"

namespace sluice::livestream {

struct RtmpOutputOptions {
  std::string id;   ///< AddTarget's
  std::string url;  ///< AddTarget's: a secret
  std::string ca_file{};
  bool private_targets = false;
  QueueLimits queue{};
  BackoffOptions backoff{};
};

/// What is at the other end: media::RtmpWriter, or a test's.
class RtmpPublisher {
 public:
  virtual ~RtmpPublisher() = default;
  virtual void write(const media::Packet& packet, media::MediaTime begin) = 0;
  virtual void change(std::size_t track, const media::TrackFormat& format) = 0;
  virtual void finish() = 0;
  [[nodiscard]] virtual std::uint64_t bytes() const noexcept = 0;
};

/// What an RtmpOutput needs of the world. All of them are called on its thread.
struct RtmpOutputNeeds {
  Function<void(const TargetReport&)> report;  ///< its state has changed; also from within the constructor
  Function<void()> key_frame_wanted;           ///< it can begin: the encoder is to make one at once
  Function<Instant()> now;                     ///< JobContext::now
  /// Throws media::MediaError. None: media::RtmpWriter.
  Function<std::unique_ptr<RtmpPublisher>(media::RtmpOptions)> connect{};
  /// The host's addresses, numeric; asks `cancelled` meanwhile. Throws media::MediaError. None: the system's resolver.
  Function<std::vector<std::string>(const std::string& host, Function<bool()>& cancelled)> resolve{};
};

/// Pushes the program to one server and, whatever happens there, tries again: after half a second at first, after 30 at
/// most. Only what cannot be right is not tried again: an address that is none, or one that may not be pushed to.
///
/// With `private_targets` false, a host is pushed to only where all its addresses are public. Of rtmp the address that
/// was looked at is the one that is connected to; of rtmps the name is asked for once more by FFmpeg, and who answers
/// elsewhere has to have the name's certificate.
class RtmpOutput final : public Output {
 public:
  RtmpOutput(RtmpOutputOptions options, RtmpOutputNeeds needs);
  RtmpOutput(const RtmpOutput&) = delete;
  RtmpOutput& operator=(const RtmpOutput&) = delete;
  ~RtmpOutput() override;  ///< finish()

  void put(const ProgramPacketPtr& packet) override;
  /// Begins finish() and returns at once: for several that are ended together.
  void close();
  /// Within two seconds, but for a name that FFmpeg asks for (above).
  void finish() override;

  [[nodiscard]] const std::string& id() const noexcept;
  /// @param elapsed  Since the last call, for the rate. One thread at a time, any.
  [[nodiscard]] TargetFigures figures(std::chrono::milliseconds elapsed);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::livestream
