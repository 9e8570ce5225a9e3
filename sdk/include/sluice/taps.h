#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "sluice/function.h"
#include "sluice/layers.h"
#include "sluice/media_types.h"
#include "sluice/ortc.h"
#include "sluice/time.h"

/// A producer's media for a plugin that reads it: recording, live streaming, captions. A tap gets what a consumer would
/// get (one of the encodings, numbered without a gap), and hands it out of the worker through a bounded queue.
namespace sluice {

/// One moment by both clocks of a sender, as its last sender report told (RFC 3550 section 6.4.1). Through `ntp`, which
/// all tracks of one sender share, its tracks are told in each other's time; what it says of the calendar is the
/// sender's opinion.
struct TappedClock {
  std::uint64_t ntp = 0;  ///< seconds since 1900 in the upper 32 bits, fraction in the lower
  RtpTimestamp rtp{};     ///< the same moment, in the numbering of the tap's packets
  friend bool operator==(const TappedClock&, const TappedClock&) = default;
};

/// One packet as it left the producer, decrypted.
struct TappedPacket {
  /// A whole RTP packet (RFC 3550 section 5.1). SSRC, numbers and timestamps are the tap's own: they go on over changes
  /// of the encoding. Its payload may be empty: a number whose packet is not wanted.
  std::span<const std::uint8_t> rtp;
  Instant arrival;                     ///< when the worker received it
  std::optional<TappedClock> clock{};  ///< as known then; none before the sender's first report
};

/// The reading end of a tap's queue.
/// @note Any one thread at a time, and not the control thread where reading takes long. It outlives the tap: what was
///       queued can be read to its end.
class TapReader {
 public:
  virtual ~TapReader() = default;
  /// The next packet, or nothing where none waits. Its bytes are valid until the next call.
  [[nodiscard]] virtual std::optional<TappedPacket> next() = 0;
  /// Packets that found the queue full and were dropped, since the tap was made. The first one after each such gap is
  /// followed by a request for a key frame.
  [[nodiscard]] virtual std::uint64_t dropped() const noexcept = 0;
};

struct TapOptions {
  std::string producer_id;
  /// Of the queue; brought into 16 kB to 16 MB. A track of 2.5 Mbit/s fills 1 MB in three seconds.
  std::size_t queue_bytes = std::size_t{1} << 20;
  bool paused = false;
  std::optional<PreferredLayers> preferred_layers{};  ///< a limit; none: the best that there is
};

/// A plugin's ear at a producer. Closes with its destruction.
/// @note Control thread only, but for what reader() gives.
class Tap {
 public:
  virtual ~Tap() = default;
  [[nodiscard]] virtual const std::string& id() const noexcept = 0;
  [[nodiscard]] virtual const std::string& producer_id() const noexcept = 0;
  [[nodiscard]] virtual MediaKind kind() const noexcept = 0;
  /// How to read the packets: codecs by payload type, in the router's numbering. Retransmissions are merged into the
  /// stream, redundancy (RED) is taken off.
  [[nodiscard]] virtual const RtpParameters& rtp_parameters() const noexcept = 0;
  /// Shared with the thread that reads.
  [[nodiscard]] virtual std::shared_ptr<TapReader> reader() const = 0;

  /// Nothing is queued meanwhile. Video goes on with a key frame, which is asked for.
  virtual void pause() = 0;
  virtual void resume() = 0;
  [[nodiscard]] virtual bool paused() const noexcept = 0;
  /// What the reader misses it cannot decode on from: asks the producer, PLI. Requests of all consumers are merged.
  virtual void request_key_frame() = 0;
  [[nodiscard]] virtual bool closed() const noexcept = 0;
  /// Called once when the producer is gone. What is queued can still be read.
  virtual void on_closed(Function<void()> callback) = 0;
};

}  // namespace sluice
