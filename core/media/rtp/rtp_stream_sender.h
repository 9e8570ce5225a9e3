#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/media/rtp/ntp_time.h"
#include "core/media/rtp/report_block.h"
#include "sluice/media_types.h"
#include "sluice/time.h"

namespace sluice {

/// What a receiver last said of a stream that we send.
struct ReceptionReport {
  ReportBlock block;
  Instant at;
};

/// Sending of one SSRC: counts what is sent, makes the sender info of SRs, and reads what the receiver reports back
/// (RFC 3550 section 6.4).
class RtpStreamSender {
 public:
  RtpStreamSender(Ssrc ssrc, std::uint32_t clock_rate) noexcept : ssrc_{ssrc}, clock_rate_{clock_rate} {}

  /// @param payload_size  Octets without header and padding.
  void on_packet_sent(RtpTimestamp timestamp, std::size_t payload_size, Instant now) noexcept;

  /// The sender info of an SR that leaves now; its RTP timestamp is extrapolated from the last frame sent. Remembers
  /// the moment, to know the SR again when a report block answers it. None: nothing was sent yet.
  [[nodiscard]] std::optional<SenderInfo> make_sender_info(Instant now, WallTime wall) noexcept;

  /// A report block about this SSRC; other blocks are ignored.
  void on_report_block(const ReportBlock& block, Instant now) noexcept;

  /// Of the latest block that answered one of our last kRememberedReports sender reports.
  [[nodiscard]] std::optional<Duration> round_trip_time() const noexcept { return round_trip_time_; }
  [[nodiscard]] const std::optional<ReceptionReport>& last_report() const noexcept { return last_report_; }
  [[nodiscard]] Ssrc ssrc() const noexcept { return ssrc_; }
  /// Of the newest frame that was sent; none before the first.
  [[nodiscard]] std::optional<RtpTimestamp> newest_timestamp() const noexcept {
    return anchor_ ? std::optional{anchor_->timestamp} : std::nullopt;
  }
  [[nodiscard]] std::uint32_t clock_rate() const noexcept { return clock_rate_; }
  /// The stream goes on with another codec, RFC 7160.
  void set_clock_rate(std::uint32_t clock_rate) noexcept { clock_rate_ = clock_rate; }
  [[nodiscard]] std::uint64_t packets() const noexcept { return packets_; }
  [[nodiscard]] std::uint64_t octets() const noexcept { return octets_; }

  static constexpr std::size_t kRememberedReports = 8;

 private:
  struct SentReport {
    CompactNtp ntp;
    Instant at;
  };
  struct Anchor {
    RtpTimestamp timestamp;
    Instant at;
  };
  [[nodiscard]] bool begins_frame(RtpTimestamp timestamp) const noexcept;
  [[nodiscard]] const SentReport* find_report(CompactNtp ntp) const noexcept;

  Ssrc ssrc_;
  std::uint32_t clock_rate_;
  std::uint64_t packets_ = 0;
  std::uint64_t octets_ = 0;
  std::optional<Anchor> anchor_;  ///< the first packet of the newest frame, and when it left
  std::array<SentReport, kRememberedReports> reports_{};
  std::size_t report_count_ = 0;  ///< ever; the newest stands at (report_count_ - 1) % kRememberedReports
  std::optional<Duration> round_trip_time_;
  std::optional<ReceptionReport> last_report_;
};

}  // namespace sluice
